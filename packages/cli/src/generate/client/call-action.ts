import { toActionError } from './action-error.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { CallOptions } from './transport.ts';

/**
 * Calls an action and waits for its output.
 * @throws ActionError for an error that the action declares; TenonApiError with the code that the run ended with, such as `input_invalid` or `script_failed`
 */
export async function callAction<Output>(
  context: ConnectionContext,
  action: string,
  call: CallOptions & { readonly input: unknown },
): Promise<Output> {
  const { input, ...options } = call;
  try {
    const result = await context.transport.send<{ output: Output }>({
      ...options,
      method: 'POST',
      path: [...context.path, 'actions', action],
      body: { input },
    });
    return result.output;
  } catch (error) {
    throw toActionError(error);
  }
}
