import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  defaultAirbag,
  defaultRetryPolicy,
  manifestSchema,
  type ActionManifest,
  type Manifest,
  type SyncManifest,
} from '@tenon/runtime/contract';
import { providerSchema, type Provider, type ProviderInput } from '@tenon/runtime/provider';

/** The hash that a bundle of this code has. */
export function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

export function sampleProvider(changes: Partial<ProviderInput> = {}): Provider {
  return providerSchema.parse({
    name: 'tracker',
    displayName: 'Tracker',
    docs: 'https://tracker.example/docs',
    sources: ['https://tracker.example/docs/auth'],
    auth: { mode: 'api_key', fields: { apiKey: { title: 'API key', secret: true } } },
    baseUrl: 'https://tracker.example/api',
    headers: { authorization: 'Bearer ${credential.apiKey}' },
    verification: { path: '/me' },
    ...changes,
  });
}

export const sampleIssueSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    title: { type: 'string' },
    priority: { type: 'number' },
    author: { type: 'object', properties: { login: { type: 'string' } }, required: ['login'] },
  },
  required: ['id', 'title', 'priority', 'author'],
};

export function sampleSync(changes: Partial<SyncManifest> = {}): SyncManifest {
  return {
    kind: 'sync',
    integration: 'tracker',
    name: 'issues',
    source: 'integrations/tracker/syncs/issues.ts',
    bundle: hashOf('sync code'),
    timeoutMs: 3_600_000,
    models: [{ name: 'Issue', schema: sampleIssueSchema }],
    schedule: { type: 'interval', everyMs: 3_600_000 },
    settings: null,
    cursor: null,
    deletes: 'none',
    airbag: defaultAirbag,
    overlap: 'skip',
    retry: { ...defaultRetryPolicy, attempts: 1 },
    concurrency: null,
    hasWebhook: false,
    ...changes,
  };
}

export function sampleAction(changes: Partial<ActionManifest> = {}): ActionManifest {
  return {
    kind: 'action',
    integration: 'tracker',
    name: 'create-issue',
    source: 'integrations/tracker/actions/create-issue.ts',
    bundle: hashOf('action code'),
    timeoutMs: 60_000,
    input: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
    output: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    errors: {},
    ...changes,
  };
}

export function sampleManifest(changes: Partial<z.input<typeof manifestSchema>> = {}): Manifest {
  return manifestSchema.parse({
    formatVersion: 1,
    runtimeVersion: '0.1.0',
    integrations: [{ name: 'tracker', provider: 'tracker' }],
    providers: [sampleProvider()],
    functions: [sampleSync(), sampleAction()],
    ...changes,
  });
}
