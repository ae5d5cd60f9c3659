import { deployedManifestSchema } from '@tenon/runtime/contract';
import { findManifest } from '../../../database/queries/find-manifest.ts';
import { getDeployment } from '../../../deployments/list-deployments.ts';
import { versionMissing } from '../../../deployments/version-missing.ts';
import { defineRoute } from '../../route/define-route.ts';
import { versionParams } from './version-params.ts';

export const getManifestRoute = defineRoute({
  method: 'GET',
  path: '/v1/deployments/:version/manifest',
  summary: 'A version with everything that it declares; the code is in its bundles.',
  tag: 'deployments',
  access: 'key',
  scope: 'deployments:read',
  params: versionParams,
  answer: { status: 200, description: 'The version and its manifest.', schema: deployedManifestSchema },
  errors: ['not_found'],
  async handle({ caller: { environmentId }, params: { version } }, { database }) {
    const manifest = await findManifest(database, { environmentId, version });
    if (!manifest) throw versionMissing(version);
    return { deployment: await getDeployment(database, { environmentId, version }), manifest };
  },
});
