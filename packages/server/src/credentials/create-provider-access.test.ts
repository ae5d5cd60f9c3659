import { afterAll, beforeAll, expect, test } from 'vitest';
import { providerSchema } from '@tenon/runtime/provider';
import { createProviderAccess } from './create-provider-access.ts';
import {
  goodApiKey,
  goodClient,
  startSampleProvider,
  type SampleProviderServer,
} from './testing/sample-provider-server.ts';

let server: SampleProviderServer;
beforeAll(async () => {
  server = await startSampleProvider();
});
afterAll(() => server.close());

const signal = new AbortController().signal;

test('private addresses are reached only where they are allowed: to verify an account and to obtain a token', async () => {
  for (const allowPrivateAddresses of [true, false]) {
    const access = createProviderAccess({ allowPrivateAddresses });
    const outcomes = await Promise.allSettled([
      access.verify({
        environmentId: 1,
        credentials: { mode: 'api_key', values: { apiKey: goodApiKey } },
        token: undefined,
        provider: providerSchema.parse(server.apiKeyProvider),
        credential: { mode: 'api_key', fields: { apiKey: goodApiKey } },
        config: {},
        integration: {},
        signal,
      }),
      access.obtainToken({
        environmentId: 1,
        provider: providerSchema.parse(server.clientProvider),
        credentials: { mode: 'oauth2_client_credentials', ...goodClient },
        config: {},
        integration: {},
        signal,
      }),
    ]);
    await access.close();
    if (allowPrivateAddresses) expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
    else {
      const refused = { status: 'rejected', reason: { code: 'provider_address_refused' } };
      expect(outcomes).toMatchObject([refused, refused]);
    }
  }
  expect(server.tokensGiven(), 'only where it was allowed').toBe(1);
});
