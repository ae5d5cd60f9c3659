import type { Run, SyncStatus } from '@tenon/runtime/contract';
import { sampleRun } from './samples.ts';

/** What a fake server does with the events of providers. */
export interface FakeInbox {
  /** Names of syncs that take no events. */
  deafSyncs: string[];
  /** Events that came, with the sync and the connection that got them. */
  events: { sync: string; connection: string; event: unknown }[];
  /** How a run that processes an event ends. */
  outcome: Partial<Run>;
}

/**
 * POST connections/:integration/:connection/syncs/:sync/events
 * @returns the run; undefined when there is no such sync, or it takes no events
 */
export function takeEvent(
  { inbox, syncs }: { readonly inbox: FakeInbox; readonly syncs: readonly SyncStatus[] },
  [, integration = '', connection = '', , sync = '']: readonly string[],
  event: unknown,
): Run | undefined {
  const isKnown = syncs.some((one) => one.sync === sync && one.connection === connection);
  if (!isKnown || inbox.deafSyncs.includes(sync)) return undefined;
  inbox.events.push({ sync, connection, event });
  return sampleRun({ integration, connection, function: sync, trigger: 'webhook', ...inbox.outcome });
}
