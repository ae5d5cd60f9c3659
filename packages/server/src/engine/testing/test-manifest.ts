import {
  defaultAirbag,
  defaultRetryPolicy,
  manifestSchema,
  type ActionManifest,
  type Manifest,
  type SyncManifest,
} from '@tenon/runtime/contract';
import { providerSchema } from '@tenon/runtime/provider';

const provider = providerSchema.parse({
  name: 'tracker',
  displayName: 'Tracker',
  docs: 'https://tracker.example/docs',
  sources: ['https://tracker.example/docs'],
  auth: { mode: 'none' },
  baseUrl: 'https://tracker.example',
});

/** A sync called `issues` of the integration `tracker`, unless said otherwise. */
export function testSync(changes: Partial<SyncManifest> = {}): SyncManifest {
  return {
    kind: 'sync',
    integration: 'tracker',
    name: 'issues',
    source: 'integrations/tracker/syncs/issues.ts',
    bundle: '0'.repeat(64),
    timeoutMs: 60_000,
    models: [{ name: 'Issue', schema: {} }],
    schedule: null,
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

export function testAction(changes: Partial<ActionManifest> = {}): ActionManifest {
  return {
    kind: 'action',
    integration: 'tracker',
    name: 'create-issue',
    source: 'integrations/tracker/actions/create-issue.ts',
    bundle: '1'.repeat(64),
    timeoutMs: 60_000,
    input: {},
    output: {},
    errors: {},
    ...changes,
  };
}

/** How many runs at a time; what is absent is not limited. */
export interface TestLimits {
  readonly environment?: number;
  readonly integration?: number;
  readonly connection?: number;
}

export function testManifest(functions: Manifest['functions'], limits: TestLimits = {}): Manifest {
  return manifestSchema.parse({
    formatVersion: 1,
    runtimeVersion: '0.1.0',
    concurrency: limits.environment,
    integrations: [
      {
        name: 'tracker',
        provider: 'tracker',
        concurrency: limits.integration,
        connectionConcurrency: limits.connection,
      },
    ],
    providers: [provider],
    functions,
  });
}
