import type { ConnectIntegration, ConnectField, ConnectView, Integration, Manifest } from '@tenon/runtime/contract';
import type { Provider } from '@tenon/runtime/provider';
import { findProvider } from '../../deployments/find-provider.ts';
import { describeIntegrations } from '../../integrations/describe-integrations.ts';
import { appFieldsOf, listAskedFields, listMissingAppFields, type AskedFields } from '../asked-fields.ts';
import type { ConnectContext } from '../connect-context.ts';
import { notSetUp } from '../customer-error.ts';
import { connectionNameOf } from '../sessions/connection-name.ts';
import type { ConnectSessionOwner } from '../sessions/find-session.ts';
import { selectNamedConnections } from '../storage/select-named-connections.ts';
import { listOrigins } from '../origins.ts';
import { isOffered } from './is-offered.ts';
import { mergeSettings } from './merge-settings.ts';

/** What the hosted page needs to draw itself. */
export async function showSession({ connections }: ConnectContext, session: ConnectSessionOwner): Promise<ConnectView> {
  const { environmentId, request } = session;
  const { manifest } = await connections.manifests.getActive(environmentId);
  const described = await describeIntegrations(connections, environmentId);
  const name = connectionNameOf(request);
  const existing = await selectNamedConnections(connections.database, { environmentId, name });
  const offered = described.filter((one) => isOffered(request, one.name));
  return {
    endUser: request.endUser,
    integrations: offered
      .map((integration) => {
        const known = existing.find((one) => one.integration === integration.name);
        return describe(manifest, integration, { session, config: request.reconnect ? known?.config : undefined });
      })
      .sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
    connected: existing
      .filter(({ integration }) => offered.some((one) => one.name === integration))
      .map(({ integration }) => ({ integration, connection: name })),
    reconnect: request.reconnect ?? null,
    theme: manifest.connect.theme,
    language: request.language ?? null,
    texts: manifest.connect.languages,
    returnUrl: request.returnUrl ?? null,
    allowedOrigins: listOrigins(manifest, connections.publicUrl()),
    expiresAt: session.expiresAt.toISOString(),
  };
}

function describe(
  manifest: Manifest,
  { name, authMode, flow, scopes, ready }: Integration,
  { session, config }: { session: ConnectSessionOwner; config: Readonly<Record<string, string>> | undefined },
): ConnectIntegration {
  const provider: Provider = findProvider(manifest, name);
  const defaults = session.request.defaults[name];
  const byApp = { ...appFieldsOf(provider, config ?? {}), ...defaults?.config };
  return {
    name,
    provider: provider.name,
    displayName: provider.displayName,
    categories: provider.categories,
    docs: provider.docs,
    help: provider.connectHelp ?? null,
    authMode,
    flow,
    fields: toFields(listAskedFields(provider, defaults?.config ?? {}), config ?? {}),
    settings: mergeSettings(manifest, { integration: name, given: defaults?.settings ?? {} }),
    scopes: defaults?.scopes ?? scopes,
    unavailable:
      ready && listMissingAppFields(provider, byApp).length === 0 ? null : notSetUp(provider.displayName).message,
  };
}

/** @param known of the connection that is renewed: filled in, unless it is a secret */
function toFields({ credential, config }: AskedFields, known: Readonly<Record<string, string>>): ConnectField[] {
  return [
    ...Object.entries(config).map(([name, field]): ConnectField => {
      const value = field.secret ? undefined : known[name];
      return { ...field, ...(value !== undefined && { default: value }), name, group: 'config' };
    }),
    ...Object.entries(credential).map(([name, field]): ConnectField => ({ ...field, name, group: 'credential' })),
  ];
}
