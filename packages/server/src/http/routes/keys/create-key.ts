import { createApiKeySchema, createdApiKeySchema } from '@tenon/runtime/contract';
import { createApiKey } from '../../../credentials/api-keys/create-api-key.ts';
import { defineRoute } from '../../route/define-route.ts';

export const createKeyRoute = defineRoute({
  method: 'POST',
  path: '/v1/keys',
  summary: 'Makes an API key, with no more scopes and no longer life than the one that asks.',
  tag: 'keys',
  access: 'key',
  scope: 'keys:write',
  audit: 'key.create',
  body: createApiKeySchema,
  answer: { status: 201, description: 'The key, which is shown this once.', schema: createdApiKeySchema },
  errors: ['forbidden'],
  handle({ caller, body, note }, { database }) {
    note({ name: body.name, scopes: body.scopes, expiresInDays: body.expiresInDays ?? null });
    return createApiKey(database, { caller, ...body });
  },
});
