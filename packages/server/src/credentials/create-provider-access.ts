import { TenonError } from '@tenon/runtime/errors';
import type { ProviderToken } from '@tenon/runtime/provider';
import type {
  AuthorizationEnd,
  AuthorizationStart,
  AuthorizedAccount,
  StartedAuthorization,
  TokenRenewal,
  TokenRequest,
} from '@tenon/runtime/tokens';
import type { ProviderAccess } from './provider-access.ts';

/** The exchanges with providers that the runtime knows. */
interface TokenExchanges {
  obtainToken(request: TokenRequest): Promise<ProviderToken>;
  renewToken(request: TokenRenewal): Promise<ProviderToken>;
  revokeToken(request: TokenRenewal): Promise<void>;
  beginAuthorization(request: AuthorizationStart): Promise<StartedAuthorization>;
  completeAuthorization(request: AuthorizationEnd): Promise<AuthorizedAccount>;
}

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

  async function exchange<Name extends keyof TokenExchanges>(name: Name) {
    const { tokens, dispatcher } = await load();
    const found = tokens[name];
    if (!found) throw new TenonError('credentials_invalid', `The runtime of this server has no ${name}.`);
    return { call: found, dispatcher };
  }

  return {
    async obtainToken(request) {
      const { call, dispatcher } = await exchange('obtainToken');
      return call({ ...request, dispatcher });
    },
    async renewToken(request) {
      const { call, dispatcher } = await exchange('renewToken');
      return call({ ...request, dispatcher });
    },
    async revokeToken(request) {
      const { call, dispatcher } = await exchange('revokeToken');
      await call({ ...request, dispatcher });
    },
    async beginAuthorization(request) {
      const { call, dispatcher } = await exchange('beginAuthorization');
      return call({ ...request, dispatcher });
    },
    async completeAuthorization(request) {
      const { call, dispatcher } = await exchange('completeAuthorization');
      return call({ ...request, dispatcher });
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
  const [engine, module] = await Promise.all([import('@tenon/runtime/request'), import('@tenon/runtime/tokens')]);
  const tokens: Partial<TokenExchanges> = module;
  return { engine, tokens, dispatcher: engine.createProviderDispatcher(options) };
}
