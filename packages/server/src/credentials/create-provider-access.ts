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

async function loadRequestEngine(options: { allowPrivateAddresses: boolean }) {
  const [engine, tokens] = await Promise.all([import('@tenon/runtime/request'), import('@tenon/runtime/tokens')]);
  return { engine, tokens, dispatcher: engine.createProviderDispatcher(options) };
}
