import { z } from 'zod';
import { bundleHashSchema } from '@tenon/runtime/contract';
import { maxBundleBytes, uploadBundle } from '../../../deployments/upload-bundle.ts';
import { defineRoute } from '../../route/define-route.ts';

export const putBundleRoute = defineRoute({
  method: 'PUT',
  path: '/v1/bundles/:hash',
  summary: 'Uploads the code of a function under the SHA-256 of its bytes.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:write',
  audit: 'bundle.upload',
  params: z.object({ hash: bundleHashSchema }),
  body: z.string().min(1),
  bodyContentType: 'text/plain',
  bodyLimit: maxBundleBytes,
  answer: { status: 204, description: 'It is kept.' },
  errors: ['bundle_hash_mismatch', 'payload_too_large'],
  handle: ({ params, body }, { database }) => uploadBundle(database, { hash: params.hash, code: body }),
});
