import { randomUUID } from 'node:crypto';
import { TenonError } from '../errors/tenon-error.ts';
import type { Answers, Ask, PartitionState } from '../execute/asks.ts';
import type { AskServer, CommittedPage } from '../execute/script-environment.ts';
import type { OutgoingPage } from '../execute/worker-protocol.ts';

/** What the server side of a run in memory begins with. */
export interface MemoryServerOptions {
  /** Variables of the environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What callAction reaches: the output, by name. */
  readonly actions?: Readonly<Record<string, (input: unknown) => unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** What `credentials()` gives. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** State of partitions, by key. */
  readonly partitions?: Readonly<Record<string, PartitionState>>;
  /** Records that are stored already, by model. */
  readonly stored?: Readonly<Record<string, ReadonlyArray<{ id: string; json: string; hash: string }>>>;
  /** Names of locks that another run holds. */
  readonly heldLocks?: readonly string[];
}

export interface QuarantinedInMemory {
  readonly id: number;
  readonly model: string;
  readonly recordId: string | null;
  readonly json: string;
  readonly problems: ReadonlyArray<{ path: string; message: string }>;
}

interface MemoryRecord {
  readonly id: string;
  readonly json: string;
  readonly hash: string;
}

/** The server's part of runs, in memory: plain maps, one run at a time. */
export interface MemoryServer {
  readonly ask: AskServer;
  commitPage(page: OutgoingPage): Promise<CommittedPage>;
  /** Live records: by model, then by id. */
  readonly records: ReadonlyMap<string, ReadonlyMap<string, MemoryRecord>>;
  /** Ids that were deleted and not saved again, by model. */
  readonly removed: ReadonlyMap<string, ReadonlySet<string>>;
  readonly quarantine: readonly QuarantinedInMemory[];
  /** By partition; empty: the sync's own. */
  readonly states: ReadonlyMap<string, PartitionState>;
  readonly triggered: readonly string[];
  metadata(): Readonly<Record<string, unknown>>;
}

export function createMemoryServer(options: MemoryServerOptions = {}): MemoryServer {
  const records = new Map<string, Map<string, MemoryRecord>>();
  const removed = new Map<string, Set<string>>();
  const states = new Map<string, PartitionState>(Object.entries(options.partitions ?? {}));
  const locks = new Map((options.heldLocks ?? []).map((name) => [name, 'another run']));
  const triggered: string[] = [];
  let quarantine: QuarantinedInMemory[] = [];
  let lastQuarantineId = 0;
  let metadata: Record<string, unknown> = { ...options.metadata };

  const recordsOf = (model: string): Map<string, MemoryRecord> => getOr(records, model, () => new Map());
  const removedOf = (model: string): Set<string> => getOr(removed, model, () => new Set());
  for (const [model, stored] of Object.entries(options.stored ?? {})) {
    for (const record of stored) recordsOf(model).set(record.id, record);
  }

  const handlers: { [Kind in Ask['kind']]: (ask: Extract<Ask, { kind: Kind }>) => Answers[Kind] } = {
    'partition-state': ({ partition }) => states.get(partition) ?? {},
    'read-records': ({ model, ids }) => ids.flatMap((id) => recordsOf(model).get(id) ?? []),
    'list-records': ({ model, after = '', limit }) =>
      [...recordsOf(model).values()]
        .filter(({ id }) => id > after)
        .sort((left, right) => (left.id < right.id ? -1 : 1))
        .slice(0, limit),
    'list-quarantined': ({ after, limit }) =>
      quarantine
        .filter(({ id }) => id > after)
        .slice(0, limit)
        .map((entry) => ({ ...entry, observedMs: entry.id })),
    lock({ name }) {
      if (locks.has(name)) return null;
      const token = randomUUID();
      locks.set(name, token);
      return { token };
    },
    unlock({ token }) {
      for (const [name, held] of locks) if (held === token) locks.delete(name);
      return null;
    },
    variable: ({ name }) => options.variables?.[name] ?? null,
    credentials: () => ({ ...options.credentials }),
    metadata({ change, metadata: given }) {
      const merged = change === 'set' ? given : { ...metadata, ...given };
      metadata = Object.fromEntries(Object.entries(merged).filter(([, value]) => change === 'set' || value !== null));
      return metadata;
    },
    'call-action'({ name, input }) {
      const action = options.actions?.[name];
      if (action) return action(input);
      throw new TenonError('not_found', `The test has no action "${name}".`, {
        hint: `Give it with \`actions: { '${name}': (input) => output }\`.`,
      });
    },
    'trigger-sync'({ name }) {
      triggered.push(name);
      return { runId: `run_${name}` };
    },
    'rate-permit': () => ({ calls: 1, waitMs: 0, isLimited: false }),
    'rate-report': () => null,
  };

  function commit(page: OutgoingPage): CommittedPage {
    const live = recordsOf(page.model);
    const gone = removedOf(page.model);
    const conflicts: string[] = [];
    for (const { id, json, hash, basis, isDeleted } of page.records) {
      if (basis !== undefined && live.get(id)?.hash !== basis) conflicts.push(id);
      else if (isDeleted === true) remove(page.model, id);
      else {
        live.set(id, { id, json, hash: Buffer.from(hash).toString('hex') });
        gone.delete(id);
        quarantine = quarantine.filter(({ model, recordId }) => model !== page.model || recordId !== id);
      }
    }
    for (const id of page.deletedIds) remove(page.model, id);
    for (const { id, json, problems } of page.quarantined) {
      quarantine.push({ id: (lastQuarantineId += 1), model: page.model, recordId: id, json, problems });
    }
    quarantine = quarantine.filter(({ id }) => !page.settledQuarantine.includes(id));
    moveState(page);
    return { conflicts };
  }

  function remove(model: string, id: string): void {
    recordsOf(model).delete(id);
    removedOf(model).add(id);
  }

  function moveState({ partition, cursor, checkpoint, progress }: OutgoingPage): void {
    if (cursor === undefined && checkpoint === undefined && progress === undefined) return;
    states.set(partition, {
      ...states.get(partition),
      ...(cursor !== undefined && { cursor: cursor ?? undefined }),
      ...(checkpoint !== undefined && { checkpoint }),
      ...(progress !== undefined && { progress: progress ?? undefined }),
    });
  }

  return {
    records,
    removed,
    get quarantine() {
      return quarantine;
    },
    states,
    triggered,
    metadata: () => metadata,
    async ask<Kind extends Ask['kind']>(ask: Extract<Ask, { kind: Kind }>): Promise<Answers[Kind]> {
      // Each kind has a handler of its own; TypeScript does not see that the two sides of the table agree.
      const handler = handlers[ask.kind] as (ask: Ask) => unknown;
      return structuredClone(await handler(ask)) as Answers[Kind];
    },
    commitPage: async (page) => commit(page),
  };
}

function getOr<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const made = make();
  map.set(key, made);
  return made;
}
