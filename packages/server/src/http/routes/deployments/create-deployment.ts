import { createDeploymentSchema, deploymentSchema } from '@tenon/runtime/contract';
import { createDeployment } from '../../../deployments/create-deployment.ts';
import { extendOnDeploy } from '../../../environments/extend-on-deploy.ts';
import { defineRoute } from '../../route/define-route.ts';
import { maxManifestBytes } from './manifest-limit.ts';

export const createDeploymentRoute = defineRoute({
  method: 'POST',
  path: '/v1/deployments',
  summary: 'Keeps a manifest as a new version and makes it active. The active manifest again makes no new version.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:write',
  audit: 'deployment.create',
  body: createDeploymentSchema,
  bodyLimit: maxManifestBytes,
  answer: { status: 201, description: 'The version that is active now.', schema: deploymentSchema },
  errors: [
    'definition_invalid',
    'plan_stale',
    'destructive_refused',
    'bundle_missing',
    'rename_refused',
    'external_id_taken',
    'conflict',
    'payload_too_large',
  ],
  async handle({ caller, body }, { database, connections, runs }) {
    const { environmentId } = caller;
    const outcome = await createDeployment(database, {
      environmentId,
      manifest: body.manifest,
      baseVersion: body.baseVersion,
      fingerprint: body.fingerprint,
      externalId: body.externalId,
      source: body.source,
      deployedBy: caller.keyName,
      message: body.message ?? null,
      allowDestructive: body.allowDestructive,
    });
    // Also of what was deployed already: whoever repeats it wants to go on with the preview.
    await extendOnDeploy(database, { environmentId, now: new Date(connections.now()) });
    if (outcome.changed) {
      runs.events.publish(environmentId, { type: 'deployment.activated', version: outcome.deployment.version });
    }
    return outcome.deployment;
  },
});
