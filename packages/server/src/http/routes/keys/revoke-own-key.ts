import { revokeApiKey } from '../../../credentials/api-keys/revoke-api-key.ts';
import { defineRoute } from '../../route/define-route.ts';

/** Whatever a key is for, it can end itself: logging out must not need the scope to end those of others. */
export const revokeOwnKeyRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/keys/current',
  summary: 'Revokes the API key that asks, for good.',
  tag: 'keys',
  access: 'key',
  scope: 'any',
  audit: 'key.revoke',
  answer: { status: 204, description: 'It is refused from now on.' },
  errors: ['conflict'],
  async handle({ caller }, { database, security }) {
    await revokeApiKey({ database, directory: security.apiKeys }, { caller, keyId: caller.keyId });
    // Not sent; the audit log names the key by it.
    return { id: caller.keyId };
  },
});
