import { planRequestSchema, planSchema } from '@tenon/runtime/contract';
import { planAgainstActive } from '../../../deployments/plan-against-active.ts';
import { defineRoute } from '../../route/define-route.ts';
import { maxManifestBytes } from './manifest-limit.ts';

export const planDeploymentRoute = defineRoute({
  method: 'POST',
  path: '/v1/deployments/plan',
  summary: 'Says what a deployment would change, and which bundles it still needs. Changes nothing.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:read',
  audit: false,
  body: planRequestSchema,
  bodyLimit: maxManifestBytes,
  answer: { status: 200, description: 'The plan.', schema: planSchema },
  errors: ['definition_invalid', 'rename_refused', 'payload_too_large'],
  handle: ({ caller, body }, { database, connections }) =>
    planAgainstActive(
      { database, manifests: connections.manifests },
      { environmentId: caller.environmentId, manifest: body.manifest },
    ),
});
