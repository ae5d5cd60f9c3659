import type { Answers, Ask } from '@tenon/runtime/execute';
import type { ClaimedRun } from '../runs/queries/claim-run.ts';

/** The run whose script asks. */
export interface AskingRun {
  readonly run: ClaimedRun;
  /** Ids of the sync's datasets by model; empty for actions. */
  datasets(): Promise<ReadonlyMap<string, number>>;
  readonly signal: AbortSignal;
}

/** Answers one kind of question; throws TenonErrors for the script to see. */
export type AskHandler<Kind extends Ask['kind']> = (
  ask: Extract<Ask, { kind: Kind }>,
  asking: AskingRun,
) => Promise<Answers[Kind]>;

/** One handler for each kind of question. */
export type AskHandlers = { readonly [Kind in Ask['kind']]: AskHandler<Kind> };

/** Gives a question to its handler. */
export function answerAsk(handlers: Partial<AskHandlers>, ask: Ask, asking: AskingRun): Promise<unknown> {
  const handler = handlers[ask.kind] as AskHandler<Ask['kind']> | undefined;
  if (!handler) return Promise.reject(new Error(`Nobody answers ${ask.kind}.`));
  return handler(ask, asking);
}
