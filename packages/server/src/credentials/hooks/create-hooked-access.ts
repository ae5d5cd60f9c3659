import { capturedValuesSchema, newHookTokenSchema, readHookResult, type CalledHookName } from '@tenon/runtime/execute';
import type { ProviderToken } from '@tenon/runtime/provider';
import { hasHook } from '../../deployments/deployed-provider.ts';
import type { ProviderAccess } from '../provider-access.ts';
import type { HookRequest, HookRunner } from './run-hook.ts';

/**
 * Lets the hooks of a provider take the place of what the engine does by the provider's data; what has no hook stays
 * with the engine.
 * @param options.now Unix time in milliseconds
 */
export function createHookedAccess(
  engine: ProviderAccess,
  { hooks, now }: { hooks: HookRunner; now: () => number },
): ProviderAccess {
  async function askForToken(request: HookRequest): Promise<ProviderToken> {
    const answer = readHookResult(newHookTokenSchema, await hooks.run(request), placeOf(request));
    const { expiresInSeconds, refreshExpiresInSeconds, ...token } = answer;
    const expiresAtMs = token.expiresAtMs ?? endOf(expiresInSeconds, now());
    const refreshExpiresAtMs = token.refreshExpiresAtMs ?? endOf(refreshExpiresInSeconds, now());
    return {
      ...dropUndefined(token),
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
      ...(refreshExpiresAtMs === undefined ? {} : { refreshExpiresAtMs }),
      accessToken: token.accessToken,
    };
  }

  async function captureAccount(
    request: Parameters<ProviderAccess['captureAccount']>[0],
  ): Promise<Record<string, string>> {
    if (!hasHook(request.provider, 'afterConnect')) return engine.captureAccount(request);
    const call = { ...request, name: 'afterConnect' as const };
    return readHookResult(capturedValuesSchema, await hooks.run(call), placeOf(call));
  }

  return {
    beginAuthorization: (request) => engine.beginAuthorization(request),
    captureAccount,
    async obtainToken(request) {
      if (!hasHook(request.provider, 'obtainToken')) return engine.obtainToken(request);
      return askForToken({ ...request, name: 'obtainToken' });
    },
    async obtainAccount(request) {
      if (!hasHook(request.provider, 'obtainToken')) return engine.obtainAccount(request);
      return { token: await askForToken({ ...request, name: 'obtainToken' }), captured: {} };
    },
    async renewToken(request) {
      if (!hasHook(request.provider, 'renewToken')) return engine.renewToken(request);
      return askForToken({ ...request, name: 'renewToken' });
    },
    async revokeToken(request) {
      if (!hasHook(request.provider, 'revoke')) return engine.revokeToken(request);
      await hooks.run({ ...request, name: 'revoke' });
    },
    async completeAuthorization(request) {
      const { environmentId, provider, config, integration, signal } = request;
      const credentials = { mode: 'oauth2' as const };
      const base = { environmentId, provider, config, integration, signal, credentials };
      const account = await engine.completeAuthorization(
        hasHook(provider, 'obtainToken')
          ? {
              ...request,
              exchangeCode: (authorization) => askForToken({ ...base, name: 'obtainToken', authorization }),
            }
          : request,
      );
      const { token, captured } = account;
      const told = await captureAccount({ ...base, config: { ...config, ...captured }, token });
      return { token, captured: { ...captured, ...told } };
    },
    async verify(request) {
      const { provider } = request;
      const isHooked = hasHook(provider, 'verify') || (hasHook(provider, 'beforeRequest') && provider.verification);
      if (!isHooked) return engine.verify(request);
      // Without a hook of its own, the worker makes the provider's request, through beforeRequest.
      await hooks.run({ ...request, name: 'verify' });
    },
  };
}

function placeOf({ name, provider }: { name: CalledHookName; provider: { displayName: string } }) {
  return { hook: name, provider: provider.displayName };
}

function endOf(lifetimeSeconds: number | undefined, nowMs: number): number | undefined {
  return lifetimeSeconds === undefined ? undefined : nowMs + Math.round(lifetimeSeconds * 1_000);
}

/** As exactOptionalPropertyTypes has it: what is not known is not there. */
function dropUndefined<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  const known = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(known) as { [Key in keyof Value]: Exclude<Value[Key], undefined> };
}
