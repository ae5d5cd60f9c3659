import type { Provider } from '@tenon/runtime/provider';
import { hasHook, type DeployedProvider } from '../deployments/deployed-provider.ts';
import type { ConnectionContext } from '../credentials/connection-context.ts';

export interface RequestValuesRequest {
  readonly environmentId: number;
  readonly integration: string;
  readonly provider: DeployedProvider;
}

/**
 * Hands out the values of an integration that the provider's request templates name, and no others: a script's process
 * never sees a client secret that only serves to obtain tokens. The hook beforeRequest gets all: which it signs with, only
 * its code says.
 */
export function createRequestValues({
  integrations,
  manifests,
}: Pick<ConnectionContext, 'integrations' | 'manifests'>) {
  return {
    async getRequestValues(request: RequestValuesRequest): Promise<Record<string, string>> {
      const named = listNamedFields(request.provider);
      const isHooked = hasHook(request.provider, 'beforeRequest');
      if (named.size === 0 && !isHooked) return {};
      const { manifest } = await manifests.getActive(request.environmentId);
      const values = await integrations.resolve({ ...request, manifest });
      return Object.fromEntries(Object.entries(values).filter(([name]) => isHooked || named.has(name)));
    },
  };
}

function listNamedFields({ auth, baseUrl, headers, query }: Provider): Set<string> {
  const text = JSON.stringify([baseUrl, headers, query, signedWith(auth)]);
  return new Set([...text.matchAll(/\$\{\s*integration\.([A-Za-z0-9_]+)\s*\}/g)].map((match) => match[1] ?? ''));
}

/** Modes that sign each request in the script's process name their keys in `auth`; those that assume a role stay here. */
function signedWith(auth: Provider['auth']): unknown {
  switch (auth.mode) {
    case 'oauth1':
    case 'signature':
      return auth;
    case 'aws_sigv4':
      return auth.assumeRole ? [auth.service, auth.region] : auth;
    default:
      return null;
  }
}
