import {
  allowInsecureRequests,
  customFetch,
  dynamicClientRegistrationRequest,
  processDynamicClientRegistrationResponse,
  ResponseBodyError,
  type AuthorizationServer,
} from 'oauth4webapi';
import { TenonError } from '../../errors/tenon-error.ts';
import type { TokenContext } from '../token-context.ts';
import { asMetadataProblem, createMetadataFetch, refuseMetadata } from './fetch-metadata.ts';
import type { Registration } from './registration.ts';

const what = 'registration endpoint';

export interface McpClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly clientAuthentication: Registration['clientAuthentication'];
}

const methods = {
  none: 'none',
  client_secret_basic: 'basic',
  client_secret_post: 'body',
} as const;
type Method = keyof typeof methods;

function isMethod(text: string): text is Method {
  return Object.hasOwn(methods, text);
}

/**
 * How a client may authenticate here. RFC 8414 section 2: absent means by basic. PKCE protects the code of a client
 * without a secret, and what does not exist cannot expire (RFC 7591 section 3.2.1), so none is the first choice.
 */
function chooseMethod(supported: readonly string[] = ['client_secret_basic']): Method | undefined {
  return (['none', 'client_secret_basic', 'client_secret_post'] as const).find((method) => supported.includes(method));
}

/** A client that the developer registered by hand, where the server registers none. */
function configuredClient({ integration, provider }: TokenContext, method: Method): McpClient {
  const { clientId, clientSecret } = integration;
  if (clientId === undefined || clientId === '') {
    throw new TenonError(
      'integration_misconfigured',
      `The authorization server of ${provider.displayName} registers no clients (RFC 7591), and the integration has none.`,
      { hint: 'Register an app with the provider, and configure its clientId (and clientSecret) in the integration.' },
    );
  }
  if (clientSecret === undefined || clientSecret === '') return { clientId, clientAuthentication: 'none' };
  // The secret stays with the integration, where it can be changed.
  return { clientId, clientAuthentication: method === 'client_secret_post' ? 'body' : 'basic' };
}

/**
 * Registers a client for one connection: RFC 7591.
 * @throws TenonError `integration_misconfigured` when the server registers none or refuses, and what requests throw
 */
export async function registerClient(
  context: TokenContext,
  options: {
    server: AuthorizationServer;
    clientName: string;
    redirectUri: string;
    scopes: readonly string[] | undefined;
  },
): Promise<McpClient> {
  const { server, clientName, redirectUri, scopes } = options;
  const method = chooseMethod(server.token_endpoint_auth_methods_supported);
  if (!method) {
    throw refuseMetadata(context, "authorization server's metadata", 'it takes clients with certificates or keys only');
  }
  const configured = context.integration['clientId'] ?? '';
  if (server.registration_endpoint === undefined || configured !== '') return configuredClient(context, method);
  try {
    const response = await dynamicClientRegistrationRequest(
      server,
      {
        client_name: clientName,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: method,
        ...(scopes && scopes.length > 0 && { scope: scopes.join(' ') }),
      },
      {
        [customFetch]: createMetadataFetch(context, what),
        [allowInsecureRequests]: new URL(server.issuer).protocol === 'http:',
        signal: context.signal,
      },
    );
    return toClient(await processDynamicClientRegistrationResponse(response), method);
  } catch (error) {
    if (!(error instanceof ResponseBodyError)) throw asMetadataProblem(context, what, error);
    throw new TenonError(
      'integration_misconfigured',
      // A code of RFC 7591 section 3.2.2.
      `The authorization server of ${context.provider.displayName} refuses to register a client: "${error.error}".`,
      { hint: 'Register an app with the provider, and configure its clientId in the integration.' },
    );
  }
}

/** RFC 7591 section 3.2.1: the server may have chosen otherwise than it was asked. */
function toClient(
  registered: { client_id: string; client_secret?: unknown; token_endpoint_auth_method?: unknown },
  asked: Method,
): McpClient {
  const { client_id: clientId, client_secret: clientSecret, token_endpoint_auth_method: given } = registered;
  const method = typeof given === 'string' && isMethod(given) ? given : asked;
  if (typeof clientSecret !== 'string' || method === 'none') return { clientId, clientAuthentication: 'none' };
  return { clientId, clientSecret, clientAuthentication: methods[method] };
}
