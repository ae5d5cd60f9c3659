import {
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
  type AuthorizationServer,
} from 'oauth4webapi';
import type { TokenContext } from '../token-context.ts';
import { asMetadataProblem, createMetadataFetch, refuseMetadata } from './fetch-metadata.ts';

const what = "authorization server's metadata";

/** OpenID Connect's path inserted as RFC 8414 section 3.1 has it, which some servers with a path use. */
function insertedOpenid(issuer: URL): URL {
  return new URL(`/.well-known/openid-configuration${issuer.pathname.replace(/\/$/, '')}`, issuer.origin);
}

/**
 * Reads an authorization server's metadata: RFC 8414, else OpenID Connect Discovery. The issuer in it must be the one
 * that was asked (RFC 8414 section 3.3).
 * @throws TenonError `provider_answer_invalid`, and what requests throw
 */
export async function discoverServer(context: TokenContext, issuer: URL): Promise<AuthorizationServer> {
  const fetchMetadata = createMetadataFetch(context, what);
  const options = {
    [customFetch]: fetchMetadata,
    // Addresses that a server on http names are no worse than itself; from https there is no way down.
    [allowInsecureRequests]: issuer.protocol === 'http:',
    signal: context.signal,
  };
  const attempts = [
    () => discoveryRequest(issuer, { ...options, algorithm: 'oauth2' }),
    ...(issuer.pathname === '/'
      ? []
      : [() => fetchMetadata(insertedOpenid(issuer).href, { method: 'GET', headers: { accept: 'application/json' } })]),
    () => discoveryRequest(issuer, { ...options, algorithm: 'oidc' }),
  ];
  try {
    for (const attempt of attempts) {
      const response = await attempt();
      if (response.status === 200) return await processDiscoveryResponse(issuer, response);
    }
  } catch (error) {
    throw asMetadataProblem(context, what, error);
  }
  throw refuseMetadata(context, what, `${issuer.origin} publishes none (RFC 8414)`);
}
