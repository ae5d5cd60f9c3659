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
    async obtainToken({ provider, credentials, config, signal }) {
      const { engine, dispatcher } = await load();
      return engine.obtainClientCredentialsToken({ provider, credentials, config, dispatcher, signal });
    },
    async verify({ provider, credential, config, signal }) {
      if (!provider.verification) return;
      const { engine, dispatcher } = await load();
      const impatient = { ...provider, retry: { ...provider.retry, maxAttempts: 2 } };
      const client = engine.createProviderClient({
        provider: impatient,
        credential: () => credential,
        connection: { id: 'verification', config },
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
  const engine = await import('@tenon/runtime/request');
  return { engine, dispatcher: engine.createProviderDispatcher(options) };
}
