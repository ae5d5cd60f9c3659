import type { Manifest } from '@tenon/runtime/contract';
import type { RunLimits } from '../../database/tables/environment-tables.ts';

/** What a version allows. @returns null when nothing is limited */
export function readRunLimits(manifest: Manifest): RunLimits | null {
  const { concurrency: environment } = manifest;
  const integrations: Record<string, { runs?: number; connection?: number }> = {};
  for (const { name, concurrency: runs, connectionConcurrency: connection } of manifest.integrations) {
    if (runs === undefined && connection === undefined) continue;
    integrations[name] = { ...(runs !== undefined && { runs }), ...(connection !== undefined && { connection }) };
  }
  const syncs: Record<string, { key: string; limit: number }> = {};
  for (const definition of manifest.functions) {
    if (definition.kind !== 'sync' || !definition.concurrency) continue;
    syncs[`${definition.integration}/${definition.name}`] = definition.concurrency;
  }
  const isLimited = environment !== undefined || Object.keys(integrations).length + Object.keys(syncs).length > 0;
  return isLimited ? { ...(environment !== undefined && { environment }), integrations, syncs } : null;
}
