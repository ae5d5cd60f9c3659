import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import type { ProviderInput } from '../../provider/provider-schema.ts';
import { obtainToken } from '../obtain-token.ts';
import { localNowMs, startTokenContext } from '../testing/start-token-context.ts';

const field = { title: 'A field' };
const auth: ProviderInput['auth'] = {
  mode: 'jwt',
  fields: { issuer: field, privateKey: { ...field, secret: true } },
  token: {
    algorithm: 'ES256',
    key: '${credential.privateKey}',
    keyId: '${credential.issuer}',
    claims: { iss: '${credential.issuer}', aud: 'appstoreconnect-v1', org: '${connection.org}' },
    lifetimeSeconds: 1_200,
  },
};

it("signs the customer's token here, and asks nobody", async () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privateKey = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const started = await startTokenContext({ auth, answer: () => 'break', config: { org: 'o1' } });
  const request = { ...started.context, credentials: { mode: 'jwt', values: { issuer: 'i1', privateKey } } } as const;
  const token = await obtainToken(request).finally(() => started.close());
  const { payload } = await jwtVerify(token.accessToken, pair.publicKey, { currentDate: new Date(localNowMs) });
  expect(payload).toMatchObject({ iss: 'i1', aud: 'appstoreconnect-v1', org: 'o1', exp: localNowMs / 1_000 + 1_200 });
  expect(token).toEqual({ accessToken: token.accessToken, expiresAtMs: localNowMs + 1_200_000 });
  expect(started.api.requests).toEqual([]);
});
