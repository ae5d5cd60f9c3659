import { environmentSchema, extendPreviewSchema } from '@tenon/runtime/contract';
import { extendPreview } from '../../../environments/extend-preview.ts';
import { defineRoute } from '../../route/define-route.ts';
import { environmentParamsSchema } from './environment-params.ts';

export const extendPreviewRoute = defineRoute({
  method: 'POST',
  path: '/v1/environments/:environment/extend',
  summary: 'Lets a preview end so long from now, and so long after each deployment.',
  tag: 'environments',
  access: 'key',
  scope: 'environments:write',
  audit: 'environment.extend',
  params: environmentParamsSchema,
  body: extendPreviewSchema,
  answer: { status: 200, description: 'The preview.', schema: environmentSchema },
  errors: ['preview_unknown', 'conflict'],
  handle({ caller, params, body, note }, { database, connections }) {
    note({ ttlMs: body.ttlMs });
    const now = new Date(connections.now());
    return extendPreview(database, { home: caller, name: params.environment, ttlMs: body.ttlMs, now });
  },
});
