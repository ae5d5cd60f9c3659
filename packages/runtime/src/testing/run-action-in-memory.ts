import type { z } from 'zod';
import type { ActionDefinition } from '../define/define-action.ts';
import { runActionScript } from '../execute/index.ts';
import { createInMemoryRun, type InMemoryOptions } from './in-memory-run.ts';

export interface ActionInMemoryOptions extends InMemoryOptions {
  /** As an app sends it; validated against the definition. */
  input?: unknown;
}

/**
 * Runs an action against a recording, without a server.
 * @returns the action's output
 * @throws TenonError what the run fails with; `replay_unmatched`, `replay_unused`
 */
export async function runActionInMemory<I extends z.ZodType, O extends z.ZodType>(
  definition: ActionDefinition<I, O>,
  options: ActionInMemoryOptions,
): Promise<z.output<O>> {
  const run = createInMemoryRun(options);
  const { output } = await runActionScript(definition, { ...run.environment, input: options.input });
  run.finish();
  // runActionScript has just read it with the definition's output schema.
  return output as z.output<O>;
}
