import { keyRotationSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const rotateEncryptionRoute = defineRoute({
  method: 'POST',
  path: '/v1/keys/encryption/rotate',
  summary:
    'Encrypts every secret of the server with a new key, while everything goes on; joins a rotation that is not done yet.',
  tag: 'keys',
  access: 'key',
  // The key is the whole server's, and not of one environment.
  scope: 'admin',
  audit: 'encryption.rotate',
  answer: { status: 202, description: 'The rotation goes on; ask again for its progress.', schema: keyRotationSchema },
  errors: [],
  handle: (_request, { security }) => security.encryption.rotate(),
});
