import { apiKeySchema, pageOf, pageQuerySchema } from '@tenon/runtime/contract';
import { listApiKeys } from '../../../credentials/api-keys/list-api-keys.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listKeysRoute = defineRoute({
  method: 'GET',
  path: '/v1/keys',
  summary: "Lists the environment's API keys, revoked ones too, oldest first.",
  tag: 'keys',
  access: 'key',
  scope: 'keys:read',
  query: pageQuerySchema,
  answer: { status: 200, description: 'What may be shown of the keys.', schema: pageOf(apiKeySchema) },
  errors: [],
  handle: ({ caller, query }, { database }) => listApiKeys(database, { environmentId: caller.environmentId, ...query }),
});
