import { putPreviewSchema, storedPreviewSchema } from '@tenon/runtime/contract';
import { putPreview } from '../../../environments/put-preview.ts';
import { defineRoute } from '../../route/define-route.ts';
import { environmentParamsSchema } from './environment-params.ts';

export const putPreviewRoute = defineRoute({
  method: 'PUT',
  path: '/v1/environments/:environment',
  summary: 'Makes a preview of the environment of the API key, or brings the one of this name to what is asked for.',
  tag: 'environments',
  access: 'key',
  scope: 'environments:write',
  audit: 'environment.preview',
  params: environmentParamsSchema,
  body: putPreviewSchema,
  answer: { status: 200, description: 'The preview; repeated, it lives longer.', schema: storedPreviewSchema },
  errors: ['conflict', 'not_found'],
  handle({ caller, params, body, note }, { database, connections }) {
    note({ ...body });
    const now = new Date(connections.now());
    return putPreview(database, { home: caller, name: params.environment, ...body, now });
  },
});
