import { z } from 'zod';
import { deploymentSchema } from '@tenon/runtime/contract';
import { activateDeployment } from '../../../deployments/activate-deployment.ts';
import { defineRoute } from '../../route/define-route.ts';

/** Postgres' largest integer. */
const maxVersion = 2_147_483_647;

export const activateDeploymentRoute = defineRoute({
  method: 'POST',
  path: '/v1/deployments/:version/activate',
  summary: 'Makes a version active that was deployed before: rolls back, or forward again.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:write',
  audit: 'deployment.activate',
  params: z.object({ version: z.coerce.number().int().min(1).max(maxVersion) }),
  answer: { status: 200, description: 'The version that is active now.', schema: deploymentSchema },
  errors: ['not_found'],
  async handle({ caller, params }, { database, runs }) {
    const { environmentId } = caller;
    const outcome = await activateDeployment(database, { environmentId, version: params.version });
    if (outcome.changed) {
      runs.events.publish(environmentId, { type: 'deployment.activated', version: outcome.deployment.version });
    }
    return outcome.deployment;
  },
});
