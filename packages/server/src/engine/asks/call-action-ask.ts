import { TenonError } from '@tenon/runtime/errors';
import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';

/** How many actions may call each other: more is a circle. */
const maxDepth = 5;

/**
 * Runs an action of the same connection as a child of the run; it is cancelled with it. One at a time for each run: a
 * child has a process of its own beside those of the pool, since its caller keeps one of them.
 */
export function callActionAsk({ callAction }: Pick<AskContext, 'callAction'>): AskHandler<'call-action'> {
  const lastCalls = new WeakMap<object, Promise<unknown>>();

  return async ({ name, input }, { run, depth, signal }) => {
    if (depth >= maxDepth) {
      throw new TenonError('conflict', `The action ${name} would be the ${depth + 1}th that calls another.`, {
        hint: `Actions may call each other ${maxDepth} times; look for one that calls itself.`,
      });
    }
    const earlier = lastCalls.get(run) ?? Promise.resolve();
    const result = earlier.then(() => {
      // Its turn came when nobody waited for it any more.
      signal.throwIfAborted();
      return callAction({
        environmentId: run.environment_id,
        integration: run.integration,
        connection: run.connection,
        action: name,
        input,
        caller: { runId: run.id, depth },
        signal,
      });
    });
    lastCalls.set(
      run,
      result.catch(() => undefined),
    );
    return (await result).output ?? null;
  };
}
