import type { Manifest } from '@tenon/runtime/contract';

/** What an integration asks customers for: as the project says, or as its provider does. */
export function integrationScopes(manifest: Manifest, integration: string): readonly string[] {
  const declared = manifest.integrations.find(({ name }) => name === integration);
  const provider = manifest.providers.find(({ name }) => name === declared?.provider);
  return declared?.scopes ?? (provider && 'scopes' in provider.auth ? provider.auth.scopes : []);
}
