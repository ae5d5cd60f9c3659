import { describe, expect, it } from 'vitest';
import {
  actionManifestSchema,
  integrationManifestSchema,
  manifestSchema,
  providerHooksManifestSchema,
  syncManifestSchema,
  type ActionManifest,
  type IntegrationManifest,
  type Manifest,
  type SyncManifest,
} from '@tenon/runtime/contract';
import {
  hashOf,
  sampleAction,
  sampleIssueSchema,
  sampleManifest,
  sampleProvider,
  sampleSync,
} from '../testing/sample-manifest.ts';
import { planDeployment } from './plan-deployment.ts';

/** Why a field may change without a change in the plan. */
interface Unplanned {
  readonly ignoredBecause: string;
}

const identity: Unplanned = { ignoredBecause: 'another value is another thing' };
const object = { type: 'object', properties: { other: { type: 'string' } } };
const hooks = { provider: 'tracker', source: 'hooks.ts', bundle: hashOf('hooks'), hooks: ['verify' as const] };

// Every field has to be here: one that is added to the schema and not to a table fails the test.
const syncFields: Record<keyof SyncManifest, Partial<SyncManifest> | Unplanned> = {
  kind: identity,
  integration: identity,
  name: identity,
  renamedFrom: { ignoredBecause: 'it counts when something has that name: see find-renames.test.ts' },
  description: { description: 'other' },
  source: { source: 'integrations/tracker/syncs/other.ts' },
  bundle: { bundle: hashOf('other') },
  timeoutMs: { timeoutMs: 1_000 },
  models: { models: [{ name: 'Issue', schema: { ...sampleIssueSchema, required: ['id'] } }] },
  schedule: { schedule: null },
  settings: { settings: object },
  cursor: { cursor: { field: 'updatedAt', initial: null, order: 'unordered', lagMs: 0 } },
  deletes: { deletes: 'absence' },
  deletedFlag: { deletedFlag: 'gone' },
  airbag: { airbag: null },
  overlap: { overlap: 'allow' },
  retry: { retry: { attempts: 9, backoffMs: 1, maxBackoffMs: 2 } },
  concurrency: { concurrency: { key: 'all', limit: 1 } },
  hasWebhook: { hasWebhook: true },
};
const actionFields: Record<keyof ActionManifest, Partial<ActionManifest> | Unplanned> = {
  kind: identity,
  integration: identity,
  name: identity,
  renamedFrom: { ignoredBecause: 'it counts when something has that name: see find-renames.test.ts' },
  description: { description: 'other' },
  source: { source: 'integrations/tracker/actions/other.ts' },
  bundle: { bundle: hashOf('other') },
  timeoutMs: { timeoutMs: 1_000 },
  input: { input: object },
  output: { output: object },
  errors: { errors: { gone: object } },
};
const integrationFields: Record<keyof IntegrationManifest, Partial<IntegrationManifest> | Unplanned> = {
  name: identity,
  provider: { ignoredBecause: 'the provider that it names has to be there: see plan-deployment.test.ts' },
  renamedFrom: { ignoredBecause: 'it counts when something has that name: see find-renames.test.ts' },
  values: { values: { region: { value: 'eu' } } },
  scopes: { scopes: ['repo'] },
  concurrency: { concurrency: 3 },
  connectionConcurrency: { connectionConcurrency: 1 },
  authorizationParameters: { authorizationParameters: { prompt: 'consent' } },
};
const hookFields: Record<keyof typeof hooks, Partial<typeof hooks> | Unplanned> = {
  provider: identity,
  source: { ignoredBecause: 'where the file lies is for messages; the code has a hash' },
  bundle: { bundle: hashOf('other') },
  hooks: { hooks: ['verify', 'revoke'] as unknown as typeof hooks.hooks },
};
const rootFields: Record<keyof Manifest, Parameters<typeof sampleManifest>[0] | Unplanned> = {
  formatVersion: { ignoredBecause: 'there is one' },
  runtimeVersion: { ignoredBecause: 'what differs between releases is in the bundles' },
  integrations: { integrations: [{ name: 'tracker', provider: 'tracker', scopes: ['repo'] }] },
  connect: { connect: { allowedOrigins: ['https://app.example'] } },
  concurrency: { concurrency: 5 },
  providers: { providers: [sampleProvider({ baseUrl: 'https://other.example' })] },
  providerHooks: { providerHooks: [hooks] },
  functions: { functions: [sampleSync()] },
};

function isUnplanned(change: object | undefined): change is Unplanned {
  return change !== undefined && 'ignoredBecause' in change;
}

function countChanges(before: Manifest, after: Manifest): number {
  return planDeployment(before, after).changes.length;
}

const tables = [
  {
    name: 'a sync',
    schema: syncManifestSchema,
    fields: syncFields,
    make: (change: object) => sampleManifest({ functions: [{ ...sampleSync(), ...change }] }),
  },
  {
    name: 'an action',
    schema: actionManifestSchema,
    fields: actionFields,
    make: (change: object) => sampleManifest({ functions: [{ ...sampleAction(), ...change }] }),
  },
  {
    name: 'an integration',
    schema: integrationManifestSchema,
    fields: integrationFields,
    make: (change: object) => sampleManifest({ integrations: [{ name: 'tracker', provider: 'tracker', ...change }] }),
  },
  {
    name: 'hooks',
    schema: providerHooksManifestSchema,
    fields: hookFields,
    make: (change: object) => sampleManifest({ providerHooks: [{ ...hooks, ...change }] }),
  },
  { name: 'the project', schema: manifestSchema, fields: rootFields, make: (change: object) => sampleManifest(change) },
];

describe.each(tables)('the plan of $name', ({ schema, fields, make }) => {
  it('knows every field of the manifest', () => {
    expect(Object.keys(fields).sort()).toEqual(Object.keys(schema.shape).sort());
  });

  it.each(Object.entries(fields).flatMap(([field, change]) => (isUnplanned(change) ? [] : [{ field, change }])))(
    'says that $field changed',
    ({ change }) => {
      expect(countChanges(make({}), make(change ?? {}))).toBe(1);
    },
  );
});
