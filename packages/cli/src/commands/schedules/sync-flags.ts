import type { ConnectionRef } from '../../api-client/call-limits.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { parsePair } from '../parse-pair.ts';

export interface SyncFlags extends TargetFlags {
  readonly connection: string;
}

/** @throws TenonError for a name that is not `<integration>/<sync>` */
export function readSyncRef(name: string, { connection }: SyncFlags): ConnectionRef & { sync: string } {
  const [integration, sync] = parsePair(name, '<integration>/<sync>');
  return { integration, connection, sync };
}
