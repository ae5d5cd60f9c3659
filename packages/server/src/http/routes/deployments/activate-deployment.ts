import { deploymentSchema } from '@tenon/runtime/contract';
import { activateDeployment } from '../../../deployments/activate-deployment.ts';
import { defineRoute } from '../../route/define-route.ts';
import { versionParams } from './version-params.ts';

export const activateDeploymentRoute = defineRoute({
  method: 'POST',
  path: '/v1/deployments/:version/activate',
  summary: 'Makes a version active that was deployed before: rolls back, or forward again.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:write',
  audit: 'deployment.activate',
  params: versionParams,
  answer: { status: 200, description: 'The version that is active now.', schema: deploymentSchema },
  errors: ['not_found', 'rename_refused', 'conflict'],
  async handle({ caller, params }, { database, runs }) {
    const { environmentId } = caller;
    const outcome = await activateDeployment(database, { environmentId, version: params.version });
    if (outcome.changed) {
      runs.events.publish(environmentId, { type: 'deployment.activated', version: outcome.deployment.version });
    }
    return outcome.deployment;
  },
});
