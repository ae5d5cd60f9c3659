import { isDeepStrictEqual } from 'node:util';
import type { SyncManifest } from '@tenon/runtime/contract';
import { classOfRead, classOfWrite, describeFieldChange, diffSchemas } from './diff-schemas.ts';
import { diffFunctionBase } from './diff-function-base.ts';
import type { Finding } from './finding.ts';
import { formatDuration } from './format-duration.ts';

/** What differs between two versions of a sync. */
export function diffSync(before: SyncManifest, after: SyncManifest): Finding[] {
  return [
    ...diffFunctionBase(before, after),
    ...diffSchedule(before, after),
    ...diffModels(before, after),
    ...diffSettings(before, after),
    ...diffCursor(before, after),
    ...diffDeletes(before, after),
    ...diffRunning(before, after),
  ];
}

/** Only `absence` and `flag` say something of records that are stored already. */
function diffDeletes(before: SyncManifest, after: SyncManifest): Finding[] {
  const [old, next] = [describeDeletes(before), describeDeletes(after)];
  if (old === next) return [];
  const needsReading = after.deletes === 'absence' || after.deletes === 'flag';
  return [{ reason: `deletes ${old} -> ${next}`, class: needsReading ? 'resync' : 'safe' }];
}

function describeDeletes({ deletes, deletedFlag }: SyncManifest): string {
  return deletedFlag === undefined ? deletes : `${deletes} ${deletedFlag}`;
}

/** How runs come about and end; nothing that is stored depends on it. */
function diffRunning(before: SyncManifest, after: SyncManifest): Finding[] {
  const reasons: string[] = [];
  if (before.overlap !== after.overlap) reasons.push(`overlap ${before.overlap} -> ${after.overlap}`);
  if (before.hasWebhook !== after.hasWebhook) reasons.push(after.hasWebhook ? '+onWebhook' : '-onWebhook');
  const described = { airbag: describeAirbag, concurrency: describeConcurrency, retry: describeRetry };
  for (const [name, describe] of Object.entries(described)) {
    const [old, next] = [describe(before), describe(after)];
    if (old !== next) reasons.push(`${name} ${old} -> ${next}`);
  }
  return reasons.map((reason) => ({ reason, class: 'safe' }));
}

function describeAirbag({ airbag }: SyncManifest): string {
  return airbag === null ? 'off' : `${airbag.share * 100} % from ${airbag.atLeast}`;
}

function describeConcurrency({ concurrency }: SyncManifest): string {
  return concurrency === null ? 'none' : `${concurrency.limit} of ${concurrency.key}`;
}

function describeRetry({ retry }: SyncManifest): string {
  return `${retry.attempts} x ${formatDuration(retry.backoffMs)} up to ${formatDuration(retry.maxBackoffMs)}`;
}

function diffSchedule(before: SyncManifest, after: SyncManifest): Finding[] {
  if (isDeepStrictEqual(before.schedule, after.schedule)) return [];
  return [{ reason: `schedule ${scheduleText(before)} -> ${scheduleText(after)}`, class: 'safe' }];
}

function scheduleText({ schedule }: SyncManifest): string {
  if (schedule === null) return 'none';
  const when =
    schedule.type === 'interval' ? formatDuration(schedule.everyMs) : `"${schedule.expression}" ${schedule.timezone}`;
  const phaseMs = schedule.type === 'interval' ? schedule.phaseMs : undefined;
  const spans = Object.entries({ phase: phaseMs, jitter: schedule.jitterMs, catchUp: schedule.catchUpMs });
  return [when, ...spans.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${formatDuration(ms)}`]))].join(
    ' ',
  );
}

function diffModels(before: SyncManifest, after: SyncManifest): Finding[] {
  const findings: Finding[] = [];
  for (const { name, schema } of after.models) {
    const old = before.models.find((model) => model.name === name);
    if (!old) {
      findings.push({ reason: `model ${name}: new`, class: 'resync' });
      continue;
    }
    const changes = diffSchemas(old.schema, schema);
    if (changes.length === 0) continue;
    // One finding a class, so that a safe addition beside a breaking change keeps its own weight.
    for (const kind of ['safe', 'resync', 'breaking'] as const) {
      const ofKind = changes.filter((change) => classOfRead(change) === kind);
      if (ofKind.length === 0) continue;
      findings.push({
        reason: `model ${name}: ${ofKind.map(describeFieldChange).join(', ')}`,
        class: kind,
        // Stored records have the old type until they are read again.
        resync: kind === 'resync' || ofKind.some((change) => change.type === 'retyped'),
      });
    }
  }
  const kept = new Set(after.models.map((model) => model.name));
  for (const { name } of before.models) {
    if (!kept.has(name)) findings.push({ reason: `model ${name}: removed`, class: 'destructive' });
  }
  return findings;
}

function diffSettings(before: SyncManifest, after: SyncManifest): Finding[] {
  const none = { type: 'object', properties: {} };
  const changes = diffSchemas(before.settings ?? none, after.settings ?? none);
  return changes.map((change) => ({ reason: `settings: ${describeFieldChange(change)}`, class: classOfWrite(change) }));
}

/** What decides which records a run reads needs all of them read again; how often the cursor is committed does not. */
function diffCursor(before: SyncManifest, after: SyncManifest): Finding[] {
  const [old, next] = [before.cursor, after.cursor];
  if (isDeepStrictEqual(old, next)) return [];
  if (old === null || next === null || old.field !== next.field) {
    return [{ reason: `cursor ${old?.field ?? 'none'} -> ${next?.field ?? 'none'}`, class: 'resync' }];
  }
  const findings: Finding[] = [];
  if (old.initial !== next.initial) {
    findings.push({ reason: `cursor initial ${old.initial ?? 'none'} -> ${next.initial ?? 'none'}`, class: 'resync' });
  }
  if (old.order !== next.order) findings.push({ reason: `cursor order ${old.order} -> ${next.order}`, class: 'safe' });
  if (old.lagMs !== next.lagMs) {
    findings.push({
      reason: `cursor lag ${formatDuration(old.lagMs)} -> ${formatDuration(next.lagMs)}`,
      class: 'safe',
    });
  }
  return findings;
}
