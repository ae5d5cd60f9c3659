import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Credentials } from '../provider/credential.ts';
import type { ProviderInput } from '../provider/provider-schema.ts';
import { createProviderDispatcher } from '../request/provider-dispatcher.ts';
import { beginAuthorization } from './begin-authorization.ts';
import { obtainToken } from './obtain-token.ts';
import { startTokenContext } from './testing/start-token-context.ts';
import type { TokenContext } from './token-context.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const url = '${connection.base}/token';
const obtain = (credentials: Credentials) => (context: TokenContext) => obtainToken({ ...context, credentials });

it.each<[ProviderInput['auth'], (context: TokenContext) => Promise<unknown>]>([
  [
    { mode: 'oauth1', requestTokenUrl: url, authorizationUrl: url, accessTokenUrl: url },
    (context) => beginAuthorization({ ...context, redirectUri: 'https://tenon.example/', state: 's' }),
  ],
  [
    {
      mode: 'app',
      installUrl: url,
      tokenUrl: url,
      assertion: { algorithm: 'RS256', key: '${integration.privateKey}' },
    },
    obtain({ mode: 'app' }),
  ],
  [
    { mode: 'token_exchange', fields: {}, steps: [{ url }], credential: {} },
    obtain({ mode: 'token_exchange', values: {} }),
  ],
])('a customer cannot have the server ask a private address ($mode)', async (auth, ask) => {
  const provider: Partial<ProviderInput> = { integration: { privateKey: { title: 'Key', secret: true } } };
  const integration = { clientId: 'id', clientSecret: 'secret', privateKey };
  const started = await startTokenContext({ auth, provider, integration, answer: () => ({ body: {} }) });
  const dispatcher = createProviderDispatcher({ allowPrivateAddresses: false });
  try {
    await expect(ask({ ...started.context, dispatcher })).rejects.toMatchObject({ code: 'provider_address_refused' });
    expect(started.api.requests).toEqual([]);
  } finally {
    await dispatcher.destroy();
    await started.close();
  }
});
