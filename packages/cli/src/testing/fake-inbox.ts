import type { Run } from '@tenon/runtime/contract';
import { refuse, type CannedAnswer, type FakeServer } from './fake-server.ts';
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

/** POST connections/:integration/:connection/syncs/:sync/events */
export function takeEvent(
  { state }: FakeServer,
  { path, body }: { readonly path: readonly string[]; readonly body: unknown },
): CannedAnswer {
  const [, integration = '', connection = '', , sync = ''] = path;
  const isKnown = state.syncs.some((one) => one.sync === sync && one.connection === connection);
  if (!isKnown || state.inbox.deafSyncs.includes(sync)) {
    return refuse(404, 'not_found', `The sync ${sync} of ${integration} takes no events.`, { hint: 'Give it one.' });
  }
  const run = sampleRun({ integration, connection, function: sync, trigger: 'webhook', ...state.inbox.outcome });
  state.runs.push(run);
  state.inbox.events.push({ sync, connection, event: body });
  return { status: 202, body: { run, alreadyRunning: false } };
}
