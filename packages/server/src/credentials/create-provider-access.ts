import type { ProviderAccess } from './provider-access.ts';

/**
 * Calls providers with the request engine. It is loaded with the first call: a server that only serves records never
 * pays for it. Who connects an account waits for the answer, so a call is repeated once and never waits long.
 */
export function createProviderAccess(options: {
  allowPrivateAddresses: boolean;
}): ProviderAccess & { close(): Promise<void> } {
  let loading: ReturnType<typeof loadRequestEngine> | undefined;

  function load(): ReturnType<typeof loadRequestEngine> {
    loading ??= loadRequestEngine(options);
    return loading;
  }

  return {
    async obtainToken(request) {
      const { tokens, dispatcher } = await load();
      return tokens.obtainToken({ ...request, dispatcher });
    },
    async renewToken(request) {
      const { tokens, dispatcher } = await load();
      return tokens.renewToken({ ...request, dispatcher });
    },
    async revokeToken(request) {
      const { tokens, dispatcher } = await load();
      await tokens.revokeToken({ ...request, dispatcher });
    },
    async beginAuthorization(request) {
      const { tokens, dispatcher } = await load();
      return tokens.beginAuthorization({ ...request, dispatcher });
    },
    async completeAuthorization(request) {
      const { tokens, dispatcher } = await load();
      return tokens.completeAuthorization({ ...request, dispatcher });
    },
    async verify({ provider, credential, config, integration, signal }) {
      if (!provider.verification) return;
      const { engine, dispatcher } = await load();
      const impatient = { ...provider, retry: { ...provider.retry, maxAttempts: 2 } };
      const client = engine.createProviderClient({
        provider: impatient,
        credential: () => credential,
        connection: { id: 'verification', config },
        integration,
        dispatcher,
        signal,
        maxWaitMs: 2_000,
      });
      await engine.verifyConnection(client, impatient, config);
    },
    async close() {
      if (loading) await (await loading).dispatcher.close();
    },
  };
}

async function loadRequestEngine(options: { allowPrivateAddresses: boolean }) {
  const [engine, tokens] = await Promise.all([import('@tenon/runtime/request'), import('@tenon/runtime/tokens')]);
  return { engine, tokens, dispatcher: engine.createProviderDispatcher(options) };
}
