import { keyRotationSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const getEncryptionRoute = defineRoute({
  method: 'GET',
  path: '/v1/keys/encryption',
  summary: 'Says which key encrypts secrets, and how many are still encrypted with an older one.',
  tag: 'keys',
  access: 'key',
  scope: 'keys:read',
  answer: { status: 200, description: 'Of the whole server, all its environments.', schema: keyRotationSchema },
  errors: [],
  handle: (_request, { security }) => security.encryption.describe(),
});
