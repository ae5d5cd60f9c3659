import { dryRunRequestSchema, dryRunResultSchema } from '@tenon/runtime/contract';
import { requireScopes } from '../../../credentials/api-keys/require-scopes.ts';
import { maxBundleBytes } from '../../../deployments/upload-bundle.ts';
import { connectionParamsSchema } from '../../route/connection-params.ts';
import { defineRoute } from '../../route/define-route.ts';

/** Bytes: a bundle as JSON, and an input or an event as large as an action's. */
const maxRequestBytes = 2 * maxBundleBytes + 10 * 1024 * 1024;

export const createDryRunRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/dry-runs',
  summary:
    'Runs a function and answers with what it met and what it would have saved. It writes nothing here; its requests to the provider are real. A client that goes away cancels it.',
  tag: 'runs',
  access: 'key',
  scope: 'runs:dry',
  audit: 'run.dry',
  params: connectionParamsSchema,
  body: dryRunRequestSchema,
  bodyLimit: maxRequestBytes,
  answer: {
    status: 200,
    description: 'How it ended; also when the script failed.',
    schema: dryRunResultSchema,
  },
  errors: [
    'not_found',
    'forbidden',
    'bundle_hash_mismatch',
    'dry_run_too_large',
    'capture_invalid',
    'provider_unauthorized',
    'unavailable',
  ],
  handle({ caller, params, body, signal, note }, { runs }) {
    // Code of one's own, with the connection's credentials, is what a deployment is.
    if (body.code) requireScopes(caller, ['deployments:write']);
    note({ kind: body.kind, function: body.function, uploadedBundle: body.code?.function.bundle ?? null });
    return runs.executeDryRun({ environmentId: caller.environmentId, ...params, ...body, signal });
  },
});
