import type { LogEntry } from '@tenon/runtime/contract';
import { takeEvent } from './fake-inbox.ts';
import { ok, pageOf, refuse, route, type CannedAnswer, type Route } from './fake-route.ts';
import { sampleRun, sampleSync } from './samples.ts';

/** As the server does: of one run in the order of writing, of all newest first; ids are the cursors. */
function listLogs(logs: readonly LogEntry[], query: URLSearchParams): CannedAnswer {
  const runId = query.get('runId');
  const cursor = query.get('cursor');
  const sign = runId === null ? -1 : 1;
  const rest = logs
    .filter((entry) => (runId ?? entry.runId) === entry.runId)
    .filter(({ id }) => cursor === null || sign * (Number(id) - Number(cursor)) > 0)
    .sort((a, b) => sign * (Number(a.id) - Number(b.id)));
  const items = rest.slice(0, Number(query.get('limit') ?? 100));
  return ok({ items, nextCursor: items.length < rest.length ? (items.at(-1)?.id ?? null) : null });
}

/** Syncs, their runs, and what these log. */
export const runRoutes: readonly Route[] = [
  route('GET syncs', ({ state }, { query }) => pageOf(state.syncs, query)),
  route('POST connections/*/*/syncs/*/trigger', (server, { path }) => {
    const [, integration = '', connection = '', , sync = ''] = path;
    const known = server.state.syncs.some((one) => one.sync === sync && one.connection === connection);
    if (!known) return refuse(404, 'not_found', `There is no sync ${sync}.`, { details: { missing: 'sync' } });
    const run = sampleRun({ integration, connection, function: sync, status: 'queued', finishedAt: null });
    server.state.runs.push(run);
    server.onTrigger(run);
    return ok({ run, alreadyRunning: false });
  }),
  route('POST connections/*/*/syncs/*/events', ({ state }, { path, body }) => {
    const run = takeEvent(state, path, body);
    if (run === undefined) return refuse(404, 'not_found', `The sync ${path[4]} takes no events.`);
    state.runs.push(run);
    return { status: 202, body: { run, alreadyRunning: false } };
  }),
  route('POST connections/*/*/syncs/*/pause', () => ({ status: 204 })),
  route('POST connections/*/*/syncs/*/resume', () => ({ status: 204 })),
  route('PUT connections/*/*/syncs/*/schedule', (_server, { path, body }) => {
    const { schedule } = body as { schedule: string | null };
    const [, integration = '', connection = '', , sync = ''] = path;
    const own = schedule === null ? {} : { schedule, scheduleSource: 'connection' as const };
    return ok(sampleSync({ integration, connection, sync, ...own }));
  }),
  route('POST connections/*/*/syncs/*/backfill', (_server, { path }) => {
    const [, integration = '', connection = '', , sync = ''] = path;
    const about = { integration, connection, function: sync };
    return ok(sampleRun({ ...about, trigger: 'backfill', status: 'queued', finishedAt: null }));
  }),
  route('GET connections/*/*/syncs/*/ticks', ({ state }, { query }) => pageOf(state.ticks, query)),
  route('GET connections/*/*/syncs/*/states', ({ state }, { query }) => pageOf(state.syncStates, query)),
  route('GET runs', ({ state }, { query }) => pageOf(state.runs, query)),
  route('GET runs/*', ({ state }, { path }) => {
    const found = state.runs.findLast(({ id }) => id === path[1]);
    return found === undefined ? refuse(404, 'not_found', 'There is no such run.') : ok(found);
  }),
  route('POST runs/*/retry', ({ state }, { path }) => {
    const ended = state.runs.findLast(({ id }) => id === path[1]);
    if (!ended) return refuse(404, 'not_found', 'There is no such run.');
    const { integration, connection, function: sync } = ended;
    const run = sampleRun({ integration, connection, function: sync, status: 'queued', finishedAt: null });
    return ok({ run, alreadyRunning: false });
  }),
  route('POST runs/*/cancel', () => ({ status: 202, body: {} })),
  route('GET logs', ({ state }, { query }) => listLogs(state.logs, query)),
  route('GET events', () => 'events'),
];
