import { rolledBackSchema, rollbackSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { versionParams } from './version-params.ts';

export const rollBackRoute = defineRoute({
  method: 'POST',
  path: '/v1/deployments/:version/rollback',
  summary:
    'Goes back to a version as planned; with data, records and cursors become what they were when it was left. ' +
    'Answers when that is done; asked again after an interruption it goes on.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:write',
  audit: 'deployment.rollback',
  params: versionParams,
  body: rollbackSchema,
  answer: { status: 200, description: 'The version that is active now.', schema: rolledBackSchema },
  errors: ['not_found', 'plan_stale', 'history_pruned', 'rename_refused', 'conflict'],
  async handle({ caller, params, body, note }, { rollbacks, runs }) {
    const { environmentId } = caller;
    const outcome = await rollbacks.rollBack({ environmentId, version: params.version, ...body });
    if (outcome.data) note({ ...outcome.data });
    runs.events.publish(environmentId, { type: 'deployment.activated', version: outcome.deployment.version });
    return outcome;
  },
});
