import { TenonError } from '@tenon/runtime/errors';
import type { Manifest } from '@tenon/runtime/contract';
import { withHooks, type DeployedProvider } from './deployed-provider.ts';

/**
 * The provider, with its hooks, that an integration of a manifest names.
 * @throws TenonError `not_found` when the manifest has no such integration
 */
export function findProvider(manifest: Manifest, integration: string): DeployedProvider {
  const name = manifest.integrations.find((one) => one.name === integration)?.provider;
  const provider = manifest.providers.find((one) => one.name === name);
  if (provider) return withHooks(provider, manifest.providerHooks);
  const known = manifest.integrations.map((one) => one.name);
  throw new TenonError('not_found', `The active deployment has no integration ${integration}.`, {
    hint:
      known.length === 0
        ? 'Declare it in tenon.config.ts and deploy.'
        : `It has ${known.join(', ')}. Declare others in tenon.config.ts and deploy.`,
  });
}
