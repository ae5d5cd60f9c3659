import type { Integration, IntegrationManifest, IntegrationValue, Manifest } from '@tenon/runtime/contract';
import { authFlow, listIntegrationFields, type Provider } from '@tenon/runtime/provider';
import type { ConnectionContext } from '../credentials/connection-context.ts';
import { findProvider } from '../deployments/find-provider.ts';
import { sourceOf } from './integration-values.ts';

/** Where providers send browsers back to. */
export const callbackPath = '/oauth/callback';

/** The integrations of the active deployment by name, and whether what they need is configured; no values. */
export async function describeIntegrations(
  { integrations, manifests, publicUrl }: Pick<ConnectionContext, 'integrations' | 'manifests' | 'publicUrl'>,
  environmentId: number,
): Promise<Integration[]> {
  const active = await manifests.findActive(environmentId);
  if (!active) return [];
  const { manifest } = active;
  const known = await integrations.listVariableNames(environmentId);
  return manifest.integrations
    .map((integration) => describe(manifest, integration, { known, publicUrl: publicUrl() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(
  manifest: Manifest,
  integration: IntegrationManifest,
  { known, publicUrl }: { known: ReadonlySet<string>; publicUrl: string },
): Integration {
  const provider = findProvider(manifest, integration.name);
  const values = describeValues(integration, provider, known);
  const own = manifest.functions.filter((one) => one.integration === integration.name);
  const flow = authFlow(provider.auth);
  return {
    name: integration.name,
    provider: provider.name,
    authMode: provider.auth.mode,
    flow,
    scopes: integration.scopes ?? ('scopes' in provider.auth ? provider.auth.scopes : []),
    values,
    ready: values.every(({ source }) => source !== 'missing'),
    callbackUrl: flow === 'redirect' ? publicUrl + callbackPath : null,
    syncs: own.filter(({ kind }) => kind === 'sync').map(({ name }) => name),
    actions: own.filter(({ kind }) => kind === 'action').map(({ name }) => name),
  };
}

function describeValues(
  integration: IntegrationManifest,
  provider: Provider,
  known: ReadonlySet<string>,
): IntegrationValue[] {
  return Object.entries(listIntegrationFields(provider)).map(([name, field]) => {
    const { title, secret } = field;
    const source = sourceOf(integration, name);
    if ('value' in source) return { name, title, secret, source: 'code', variable: null };
    const { variable } = source;
    if (known.has(variable)) return { name, title, secret, source: 'variable', variable };
    if (field.default !== undefined) return { name, title, secret, source: 'default', variable };
    return { name, title, secret, source: field.optional ? 'unneeded' : 'missing', variable };
  });
}
