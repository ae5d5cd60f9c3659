import { expect, it } from 'vitest';
import { providerSchema, type ProviderInput } from '@tenon/runtime/provider';
import { sampleManifest } from '../deployments/testing/sample-manifest.ts';
import { createRequestValues } from './request-values.ts';

const values = { appId: 'app-1', clientSecret: 'secret-1', region: 'eu-west-1', developerToken: 'developer-1' };

async function handedOut(auth: ProviderInput['auth'], headers: Record<string, string> = {}) {
  const provider = providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    docs: 'https://example.com',
    sources: ['https://example.com'],
    baseUrl: 'https://example.com',
    auth,
    headers,
  });
  const active = { version: 1, manifest: sampleManifest() };
  const { getRequestValues } = createRequestValues({
    integrations: {
      resolve: async () => values,
      listVariableNames: async () => new Set(),
      serverVariableNames: new Set<string>(),
    },
    manifests: { findActive: async () => active, getActive: async () => active },
  });
  return getRequestValues({ environmentId: 1, integration: 'acme', provider });
}

const role = { roleArn: '${connection.roleArn}' };
const aws: ProviderInput['auth'] = {
  mode: 'aws_sigv4',
  service: 's3',
  region: '${integration.region}',
  accessKeyId: '${integration.appId}',
  secretAccessKey: '${integration.clientSecret}',
};

it.each<[string, ProviderInput['auth'], Partial<typeof values>]>([
  ['keys that sign', aws, { appId: 'app-1', clientSecret: 'secret-1', region: 'eu-west-1' }],
  ['no keys that only assume a role', { ...aws, assumeRole: role }, { region: 'eu-west-1' }],
  [
    'no key that signs tokens in the server',
    { mode: 'jwt', fields: {}, token: { algorithm: 'HS256', key: '${integration.clientSecret}' } },
    {},
  ],
])("a script's process gets %s", async (_what, auth, expected) => {
  expect(await handedOut(auth)).toEqual(expected);
  const headers = { 'developer-token': '${integration.developerToken}' };
  expect(await handedOut(auth, headers)).toEqual({ ...expected, developerToken: 'developer-1' });
});
