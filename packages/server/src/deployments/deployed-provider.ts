import type { ProviderHooksManifest } from '@tenon/runtime/contract';
import type { Provider } from '@tenon/runtime/provider';

/** A provider as a deployment has it: its data, and the code for what data cannot say. */
export interface DeployedProvider extends Provider {
  /** Absent: provider.yaml says it all. */
  readonly hooks?: ProviderHooksManifest | undefined;
}

/** Whether a provider has a hook of this name. */
export function hasHook(
  { hooks }: Pick<DeployedProvider, 'hooks'>,
  name: ProviderHooksManifest['hooks'][number],
): boolean {
  return hooks?.hooks.includes(name) ?? false;
}

/** The provider with its hooks, if the manifest has any. */
export function withHooks(
  provider: Provider,
  providerHooks: readonly ProviderHooksManifest[] | undefined,
): DeployedProvider {
  // A manifest that was stored before there were hooks has no list.
  const hooks = providerHooks?.find((one) => one.provider === provider.name);
  return hooks ? { ...provider, hooks } : provider;
}
