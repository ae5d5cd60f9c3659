import { randomUUID } from 'node:crypto';
import { TenonError } from '@tenon/runtime/errors';
import type { Answers, PartitionState } from '@tenon/runtime/execute';
import type { AskHandlers } from '../asks/ask-handlers.ts';
import type { DryRecords } from './dry-records.ts';

export interface DryAnswers {
  readonly handlers: AskHandlers;
  /** undefined: the script did not change it. */
  metadata(): Record<string, unknown> | undefined;
  /** Names of syncs that would have been triggered. */
  readonly triggered: readonly string[];
}

export interface DryAsksOptions {
  /** Those of real runs: what only reads is answered by them. */
  readonly real: AskHandlers;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Of syncs. */
  readonly records: DryRecords | undefined;
  /** Where partitions begin; undefined: where their last runs ended. */
  readonly partitions: Readonly<Record<string, PartitionState>> | undefined;
  callAction(call: { name: string; input: unknown; depth: number; signal: AbortSignal }): Promise<unknown>;
}

/**
 * Answers the questions of a dry run: reads and budgets as in any run, but what would change something is done in memory.
 * A lock is always free: a dry run takes none from anybody, and waits for nobody.
 */
export function createDryAsks(options: DryAsksOptions): DryAnswers {
  const { real, records } = options;
  const triggered: string[] = [];
  const held = new Map<string, string>();
  let changed: Record<string, unknown> | undefined;

  function ownRecords(): DryRecords {
    if (records) return records;
    throw new TenonError('model_unknown', 'An action has no records.');
  }

  const handlers: AskHandlers = {
    ...real,
    async 'partition-state'(ask, asking) {
      const moved = records?.state(ask.partition);
      if (options.partitions) return { ...options.partitions[ask.partition], ...moved };
      const { progress: _, ...state } = await real['partition-state'](ask, asking);
      return { ...state, ...moved };
    },
    'read-records': ({ model, ids }) => ownRecords().byId(model, ids),
    'list-records': ({ model, after, limit }) => ownRecords().after(model, { after, limit }),
    async lock({ name, scope }) {
      const key = `${scope} ${name}`;
      if ([...held.values()].includes(key)) return null;
      const token = randomUUID();
      held.set(token, key);
      return { token };
    },
    async unlock({ token }) {
      held.delete(token);
      return null;
    },
    async metadata({ change, metadata }) {
      const merged = change === 'set' ? metadata : { ...options.metadata, ...changed, ...metadata };
      changed = Object.fromEntries(Object.entries(merged).filter(([, value]) => change === 'set' || value !== null));
      return changed;
    },
    'call-action': ({ name, input }, { depth, signal }) =>
      options.callAction({ name, input, depth, signal }) as Promise<Answers['call-action']>,
    async 'trigger-sync'({ name }) {
      triggered.push(name);
      return { runId: randomUUID() };
    },
  };
  return { handlers, metadata: () => changed, triggered };
}
