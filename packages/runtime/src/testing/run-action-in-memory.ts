import type { z } from 'zod';
import type { ActionDefinition, ActionErrors } from '../define/define-action.ts';
import { runActionScript } from '../execute/index.ts';
import type { RequestLogEntry } from '../request/perform-call.ts';
import { createInMemoryRun, type InMemoryLogEntry, type InMemoryOptions } from './in-memory-run.ts';

export interface ActionInMemoryOptions extends InMemoryOptions {
  /** As an app sends it; validated against the definition. */
  input?: unknown;
}

export interface ActionInMemoryResult<Output> {
  output: Output;
  log: InMemoryLogEntry[];
  /** One entry an attempt, free of secrets. */
  requests: RequestLogEntry[];
  /** The connection's metadata after the run. */
  metadata: Readonly<Record<string, unknown>>;
  /** Names of the syncs that it triggered. */
  triggered: readonly string[];
}

/**
 * Runs an action against a recording, without a server.
 * @throws TenonError what the run fails with; `replay_unmatched`, `replay_unused`
 */
export async function runActionInMemory<I extends z.ZodType, O extends z.ZodType, E extends ActionErrors>(
  definition: ActionDefinition<I, O, E>,
  options: ActionInMemoryOptions,
): Promise<ActionInMemoryResult<z.output<O>>> {
  const run = createInMemoryRun(options);
  const { output } = await runActionScript(definition as unknown as ActionDefinition, {
    ...run.environment,
    input: options.input,
  });
  run.finish();
  // runActionScript has just read it with the definition's output schema.
  return {
    output: output as z.output<O>,
    log: run.log,
    requests: run.requests,
    metadata: run.server.metadata(),
    triggered: run.server.triggered,
  };
}
