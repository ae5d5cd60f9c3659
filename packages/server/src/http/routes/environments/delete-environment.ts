import { deleteEnvironment } from '../../../environments/delete-environment.ts';
import { defineRoute } from '../../route/define-route.ts';
import { environmentParamsSchema } from './environment-params.ts';

export const deleteEnvironmentRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/environments/:environment',
  summary: 'Deletes a preview, or the environment of the API key, with everything of it.',
  tag: 'environments',
  access: 'key',
  scope: 'environments:write',
  audit: 'environment.delete',
  params: environmentParamsSchema,
  answer: { status: 204, description: 'Nobody reaches it any more; what it has is removed in the background.' },
  errors: ['preview_unknown', 'conflict', 'forbidden'],
  async handle({ caller, params, reply }, { database, connections, environments, security }) {
    const now = new Date(connections.now());
    const { keyIds } = await deleteEnvironment(database, { caller, name: params.environment, now });
    for (const keyId of keyIds) security.apiKeys.forget(keyId);
    // Not waited for, since it may take minutes; and not before the audit log has its row, which may be in there.
    reply.raw.once('close', () => void environments.sweep());
  },
});
