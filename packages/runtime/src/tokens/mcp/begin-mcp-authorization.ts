import { calculatePKCECodeChallenge, generateRandomCodeVerifier, type AuthorizationServer } from 'oauth4webapi';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import { addParameters } from '../oauth2/add-parameters.ts';
import { requireMode } from '../require-mode.ts';
import type { AuthorizationStart, StartedAuthorization, TokenContext } from '../token-context.ts';
import { chooseScopes } from './choose-scopes.ts';
import { discoverResource } from './discover-resource.ts';
import { discoverServer } from './discover-server.ts';
import { refuseMetadata } from './fetch-metadata.ts';
import { registerClient } from './register-client.ts';
import { writePending } from './registration.ts';

const what = "authorization server's metadata";

interface Endpoints {
  readonly authorizationUrl: URL;
  readonly tokenUrl: string;
  readonly revocationUrl?: string;
}

function checkEndpoint(context: TokenContext, server: AuthorizationServer, address: string | undefined): URL {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && server.issuer.startsWith('http:'))) return url;
  throw refuseMetadata(context, what, 'an endpoint is missing, or not on https');
}

/** The protocol has clients stop where PKCE is not declared: without it a stolen code is a stolen account. */
function readEndpoints(context: TokenContext, server: AuthorizationServer): Endpoints {
  if (server.code_challenge_methods_supported?.includes('S256') !== true) {
    throw refuseMetadata(context, what, 'it does not declare PKCE with S256');
  }
  const { revocation_endpoint: revocation } = server;
  return {
    authorizationUrl: checkEndpoint(context, server, server.authorization_endpoint),
    tokenUrl: checkEndpoint(context, server, server.token_endpoint).href,
    ...(revocation !== undefined && { revocationUrl: checkEndpoint(context, server, revocation).href }),
  };
}

/** Finds out who authorises for an MCP server, registers a client there, and makes the address to consent at. */
export async function beginMcpAuthorization(start: AuthorizationStart): Promise<StartedAuthorization> {
  const auth = requireMode(start.provider, 'mcp_oauth');
  const found = await discoverResource(start, endpointUrl(auth.resourceUrl, exchangeValues(start)));
  const server = await discoverServer(start, found.authorizationServer);
  const { authorizationUrl, ...endpoints } = readEndpoints(start, server);
  const asked = start.scopes ?? auth.scopes;
  const scopes = chooseScopes(asked.length > 0 ? asked : found.scopes, server);
  const { redirectUri } = start;
  const client = await registerClient(start, { server, clientName: auth.clientName, redirectUri, scopes });
  const codeVerifier = generateRandomCodeVerifier();
  const parameters = {
    response_type: 'code',
    ...(scopes && { scope: scopes.join(' ') }),
    // OpenID Connect Core 1.0 section 11: without it a server ignores offline_access.
    ...(scopes?.includes('offline_access') === true && { prompt: 'consent' }),
    ...start.authorizationParameters,
    client_id: client.clientId,
    redirect_uri: redirectUri,
    state: start.state,
    resource: found.resource,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  };
  const pending = {
    registration: { ...client, ...endpoints, authorizationServer: server.issuer, resource: found.resource },
    requireIssuer: server.authorization_response_iss_parameter_supported === true,
    ...(scopes && { scopes: [...scopes] }),
  };
  return { url: addParameters(authorizationUrl, parameters), pending: writePending(pending, codeVerifier) };
}
