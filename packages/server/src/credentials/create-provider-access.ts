import type { ProviderAccess } from './provider-access.ts';

/**
 * Calls providers with the request engine. It is loaded with the first call: a server that only serves records never
 * pays for it. Who connects an account waits for the answer, so a call is repeated once and never waits long.
 */
export function createProviderAccess(options: {
  allowPrivateAddresses: boolean;
  /** Unix time in milliseconds, for tests. Default: the system's. */
  now?: () => number;
}): ProviderAccess & { close(): Promise<void> } {
  let loading: ReturnType<typeof loadRequestEngine> | undefined;

  function load(): ReturnType<typeof loadRequestEngine> {
    loading ??= loadRequestEngine(options);
    return loading;
  }

  return {
    async obtainToken(request) {
      const { tokens, dispatcher, clock } = await load();
      return tokens.obtainToken({ ...request, dispatcher, clock });
    },
    async obtainAccount(request) {
      const { tokens, dispatcher, clock } = await load();
      return tokens.obtainAccount({ ...request, dispatcher, clock });
    },
    async renewToken(request) {
      const { tokens, dispatcher, clock } = await load();
      return tokens.renewToken({ ...request, dispatcher, clock });
    },
    async revokeToken({ token, ...request }) {
      if (!token) return;
      const { tokens, dispatcher, clock } = await load();
      await tokens.revokeToken({ ...request, token, dispatcher, clock });
    },
    async beginAuthorization(request) {
      const { tokens, dispatcher, clock } = await load();
      return tokens.beginAuthorization({ ...request, dispatcher, clock });
    },
    async completeAuthorization(request) {
      const { tokens, dispatcher, clock } = await load();
      return tokens.completeAuthorization({ ...request, dispatcher, clock });
    },
    // What the provider's data captures comes with the token.
    captureAccount: () => Promise.resolve({}),
    async verify({ provider, credential, config, integration, signal }) {
      if (!provider.verification) return;
      const { engine, dispatcher } = await load();
      const impatient = { ...provider, retry: { ...provider.retry, maxAttempts: 2 } };
      await engine.verifyConnection({
        provider: impatient,
        credential: () => credential,
        connection: { id: 'verification', config },
        integration,
        dispatcher,
        signal,
        maxWaitMs: 2_000,
      });
    },
    async close() {
      if (loading) await (await loading).dispatcher.close();
    },
  };
}

async function loadRequestEngine(options: { allowPrivateAddresses: boolean; now?: () => number }) {
  const [engine, tokens] = await Promise.all([import('@tenon/runtime/request'), import('@tenon/runtime/tokens')]);
  const clock = { ...engine.systemClock, now: options.now ?? Date.now };
  return { engine, tokens, clock, dispatcher: engine.createProviderDispatcher(options) };
}
