import type { ProviderHookName } from '../../contract/names.ts';
import type { HookAuthorization, HookToken, ProviderHooks } from '../../define/define-provider-hooks.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import { untilAborted } from '../until-aborted.ts';
import { createHookContext, type HookEnvironment } from './create-hook-context.ts';
import { toHookError, type HookPlace } from './to-hook-error.ts';

/** Hooks that the server calls by themselves; beforeRequest is called by the request engine. */
export type CalledHookName = Exclude<ProviderHookName, 'beforeRequest'>;

export interface HookCall {
  readonly name: CalledHookName;
  readonly token?: HookToken | undefined;
  /** Of obtainToken in the mode oauth2. */
  readonly authorization?: HookAuthorization | undefined;
}

export interface RunHookOptions {
  readonly call: HookCall;
  /** The provider's display name. */
  readonly provider: string;
  readonly environment: HookEnvironment;
  /** The provider's verification request, for hooks that leave it to the engine. */
  verify(): Promise<void>;
}

/** Of its JSON, in UTF-16 units: a token, a few values. */
const maxOutputLength = 100_000;

/**
 * Calls one hook.
 * @returns what it answered, as plain JSON; whether that is of the right form is for the caller to check
 * @throws TenonError `hook_failed`; what the hook throws on purpose or its requests failed with; the signal's reason
 */
export async function runProviderHook(hooks: ProviderHooks, options: RunHookOptions): Promise<unknown> {
  const { call, provider, environment, verify } = options;
  const place: HookPlace = { hook: call.name, provider };
  return untilAborted(environment.signal, async () => {
    if (call.name === 'verify' && !hooks.verify) return verify();
    try {
      return toPlainJson(await callHook(hooks, call, environment), place);
    } catch (error) {
      // At the deadline, whatever the hook makes of it.
      environment.signal.throwIfAborted();
      throw toHookError(error, place);
    }
  });
}

async function callHook(hooks: ProviderHooks, call: HookCall, environment: HookEnvironment): Promise<unknown> {
  const context = createHookContext(environment);
  const { name, token, authorization } = call;
  switch (name) {
    case 'obtainToken':
      return hooks.obtainToken?.({ ...context, authorization });
    case 'renewToken':
      if (!token) throw new Error('there is no token to renew');
      return hooks.renewToken?.({ ...context, token });
    case 'afterConnect':
      return hooks.afterConnect?.({ ...context, token });
    case 'verify':
      return hooks.verify?.({ ...context, token });
    case 'revoke':
      return hooks.revoke?.({ ...context, token });
  }
}

function toPlainJson(value: unknown, { hook, provider }: HookPlace): unknown {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) return undefined;
  if (json.length <= maxOutputLength) return JSON.parse(json);
  throw new TenonError('hook_failed', `The hook ${hook} of ${provider} answered with ${json.length} characters.`, {
    hint: `It may answer with up to ${maxOutputLength}.`,
  });
}
