import type { ServerConfig } from '../config/parse-config.ts';
import type { RetentionRule } from './retention-rule.ts';
import { removeActivations } from './rules/remove-activations.ts';
import { removeAuditLog } from './rules/remove-audit-log.ts';
import { removeCaptures } from './rules/remove-captures.ts';
import { removeDeletedRecords } from './rules/remove-deleted-records.ts';
import { removeHolds } from './rules/remove-holds.ts';
import { removeLogs } from './rules/remove-logs.ts';
import { removeRunWrites } from './rules/remove-run-writes.ts';
import { removeRuns } from './rules/remove-runs.ts';
import { removeSkippedTicks } from './rules/remove-skipped-ticks.ts';
import { removeVersions } from './rules/remove-versions.ts';

export type RetentionDays = Pick<
  ServerConfig,
  'runDays' | 'logDays' | 'captureDays' | 'deletedRecordDays' | 'historyDays' | 'auditDays'
>;

/** What is not kept for ever, and how long it is. Logs first: few are left then to go with their runs. */
export function retentionRules(days: RetentionDays): RetentionRule[] {
  return [
    { name: 'captures', days: days.captureDays, removeBatch: removeCaptures },
    { name: 'logs', days: days.logDays, removeBatch: removeLogs },
    { name: 'holds', days: days.runDays, removeBatch: removeHolds },
    { name: 'runs', days: days.runDays, removeBatch: removeRuns },
    { name: 'skipped ticks', days: days.runDays, removeBatch: removeSkippedTicks },
    { name: 'versions of records', days: days.historyDays, removeBatch: removeVersions },
    { name: 'places of activations', days: days.historyDays, removeBatch: removeActivations },
    { name: 'writes of runs', days: days.historyDays, removeBatch: removeRunWrites },
    { name: 'deleted records', days: days.deletedRecordDays, removeBatch: removeDeletedRecords },
    { name: 'audit log', days: days.auditDays, removeBatch: removeAuditLog },
  ];
}
