import { z } from 'zod';
import { revokeApiKey } from '../../../credentials/api-keys/revoke-api-key.ts';
import { defineRoute } from '../../route/define-route.ts';

export const revokeKeyRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/keys/:id',
  summary: 'Revokes an API key, for good.',
  tag: 'keys',
  access: 'key',
  scope: 'keys:write',
  audit: 'key.revoke',
  params: z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) }),
  answer: { status: 204, description: 'It is refused from now on.' },
  errors: ['not_found', 'forbidden', 'conflict'],
  handle: ({ caller, params }, { database, security }) =>
    revokeApiKey({ database, directory: security.apiKeys }, { caller, keyId: params.id }),
});
