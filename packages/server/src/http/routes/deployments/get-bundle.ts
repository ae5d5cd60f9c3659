import { z } from 'zod';
import { TenonError } from '@tenon/runtime/errors';
import { bundleHashSchema } from '@tenon/runtime/contract';
import { findBundle } from '../../../deployments/storage/find-bundle.ts';
import { defineRoute } from '../../route/define-route.ts';

export const getBundleRoute = defineRoute({
  method: 'GET',
  path: '/v1/bundles/:hash',
  summary: 'The code of a bundle that a version of this environment names.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:read',
  params: z.object({ hash: bundleHashSchema }),
  answer: { status: 200, description: 'The code.', contentType: 'text/plain; charset=utf-8' },
  errors: ['not_found'],
  async handle({ caller, params, reply }, { database }) {
    const code = await findBundle(database, { environmentId: caller.environmentId, hash: params.hash });
    if (code === undefined) {
      throw new TenonError('not_found', `No version of this environment has a bundle ${params.hash}.`);
    }
    void reply.header('content-type', 'text/plain; charset=utf-8');
    return code;
  },
});
