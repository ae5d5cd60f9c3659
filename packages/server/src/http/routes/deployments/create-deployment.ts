import { createDeploymentSchema, deploymentSchema } from '@tenon/runtime/contract';
import { createDeployment } from '../../../deployments/create-deployment.ts';
import { defineRoute } from '../../route/define-route.ts';
import { announceActivation } from './announce-activation.ts';
import { maxManifestBytes } from './manifest-limit.ts';

export const createDeploymentRoute = defineRoute({
  method: 'POST',
  path: '/v1/deployments',
  summary: 'Keeps a manifest as a new version and makes it active. The active manifest again makes no new version.',
  tag: 'deployments',
  access: 'key',
  body: createDeploymentSchema,
  bodyLimit: maxManifestBytes,
  answer: { status: 201, description: 'The version that is active now.', schema: deploymentSchema },
  errors: ['definition_invalid', 'plan_stale', 'destructive_refused', 'bundle_missing', 'payload_too_large'],
  async handle({ caller, body }, context) {
    const { environmentId } = caller;
    const outcome = await createDeployment(context.database, {
      environmentId,
      manifest: body.manifest,
      baseVersion: body.baseVersion,
      message: body.message ?? null,
      allowDestructive: body.allowDestructive,
    });
    await announceActivation(context, { environmentId, outcome });
    return outcome.deployment;
  },
});
