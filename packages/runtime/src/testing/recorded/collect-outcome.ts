import { isDeepStrictEqual } from 'node:util';
import type { RunError } from '../../contract/api/runs.ts';
import type { SyncDefinition } from '../../define/define-sync.ts';
import type { SyncResult } from '../../execute/worker-protocol.ts';
import type { RecordedOutcome, Recording } from '../../recording/recording-schema.ts';
import type { MemoryServer } from '../memory-server.ts';
import type { ReplayedDefinition } from './replay-run.ts';

interface Ended {
  readonly recording: Recording;
  readonly definition: ReplayedDefinition;
  readonly server: MemoryServer;
  readonly seen: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of a sync that came to its end. */
  readonly result: SyncResult | undefined;
  readonly output: unknown;
  readonly error: RunError | undefined;
}

/** What came of a run, in the form of a recording: sorted, and without what is empty. */
export function collectOutcome(ended: Ended): RecordedOutcome {
  const { recording, server, output, error, result } = ended;
  const metadata = server.metadata();
  const common = {
    ...(!isDeepStrictEqual(metadata, recording.connection.metadata) && { metadata }),
    ...(server.triggered.length > 0 && { triggered: server.triggered }),
    ...(error !== undefined && { error: { code: error.code, message: error.message } }),
  };
  if (recording.kind === 'action') return toJson({ ...common, ...(output !== undefined && { output }) });
  const absent = findAbsent(ended);
  const { '': own = {}, ...parts } = Object.fromEntries(server.states);
  // The place in a list is of the run alone: the next one does not see it.
  const partitions = Object.fromEntries(
    Object.entries(parts).map(([key, { cursor, checkpoint }]) => [
      key,
      { ...(cursor !== undefined && { cursor }), ...(checkpoint !== undefined && { checkpoint }) },
    ]),
  );
  const records = byModel(server.records, (live, model) =>
    [...live.values()]
      .filter(({ id }) => absent.get(model)?.has(id) !== true)
      .sort((a, b) => compare(a.id, b.id))
      .map(({ json }) => JSON.parse(json) as Record<string, unknown>),
  );
  const deleted = byModel(server.removed, (ids, model) => [...ids, ...(absent.get(model) ?? [])].sort(compare));
  for (const [model, ids] of absent) if (ids.size > 0) deleted[model] ??= [...ids].sort(compare);
  const cursor = own.cursor ?? recording.start.cursor;
  const checkpoint = own.checkpoint ?? recording.start.checkpoint;
  const quarantined = server.quarantine.map(({ model, recordId, problems }) => ({ model, id: recordId, problems }));
  const failed = Object.fromEntries(result?.partitions.failed.map(({ key, error: { code } }) => [key, code]) ?? []);
  return toJson({
    ...(hasKeys(records) && { records }),
    ...(hasKeys(deleted) && { deleted }),
    ...(quarantined.length > 0 && { quarantined }),
    ...(cursor !== undefined && { cursor }),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(hasKeys(partitions) && { partitions }),
    ...(hasKeys(failed) && { failedPartitions: failed }),
    ...common,
  });
}

/** With `deletes: 'absence'`, what a complete run did not save is deleted, as the server does at its end. */
function findAbsent({ recording, definition, server, seen, result }: Ended): Map<string, Set<string>> {
  const { deletes } = (definition as unknown as SyncDefinition).options;
  const isComplete =
    result !== undefined &&
    result.partitions.failed.length === 0 &&
    recording.kind === 'sync' &&
    recording.until === undefined &&
    recording.limitPages === undefined;
  if (deletes !== 'absence' || !isComplete) return new Map();
  return new Map(
    [...server.records].map(([model, live]) => [
      model,
      new Set([...live.keys()].filter((id) => seen.get(model)?.has(id) !== true)),
    ]),
  );
}

function byModel<Value, Listed>(
  models: ReadonlyMap<string, Value>,
  list: (value: Value, model: string) => Listed[],
): Record<string, Listed[]> {
  const listed = [...models].map(([model, value]) => [model, list(value, model)] as const);
  return Object.fromEntries(listed.filter(([, items]) => items.length > 0));
}

function hasKeys(value: object): boolean {
  return Object.keys(value).length > 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** As it would be read from a file: dates are texts, and what is undefined is not there. */
function toJson(outcome: unknown): RecordedOutcome {
  return JSON.parse(JSON.stringify(outcome)) as RecordedOutcome;
}
