import type { Answers, Ask } from '@tenon/runtime/execute';
import type { ClaimedRun } from '../runs/queries/claim-run.ts';

/** The run whose script asks. */
export interface AskingRun {
  readonly run: ClaimedRun;
  /** Ids of the sync's datasets by model; empty for actions. */
  datasets(): Promise<ReadonlyMap<string, number>>;
  /** How many scripts called each other up to this one: 0 for a sync, or an action that an app called. */
  readonly depth: number;
  readonly signal: AbortSignal;
}

/** Answers one kind of question; throws TenonErrors for the script to see. */
export type AskHandler<Kind extends Ask['kind']> = (
  ask: Extract<Ask, { kind: Kind }>,
  asking: AskingRun,
) => Promise<Answers[Kind]>;

/** One handler for each kind of question. */
export type AskHandlers = { readonly [Kind in Ask['kind']]: AskHandler<Kind> };

/** Those that keep a provider's limits of calls. */
export type RateHandlers = Pick<AskHandlers, 'rate-permit' | 'rate-report'>;

/** Gives a question to its handler. */
export function answerAsk(handlers: AskHandlers, ask: Ask, asking: AskingRun): Promise<unknown> {
  const handler = handlers[ask.kind] as AskHandler<Ask['kind']>;
  return handler(ask, asking);
}
