import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { integrationClient, type TokenClient } from '../endpoint/token-client.ts';
import type { TokenRequest } from '../token-context.ts';

/** The client of the client credentials grant: pasted by the customer, or the integration's. */
export function connectionClient(
  request: TokenRequest,
  { client, clientAuthentication }: AuthOf<'oauth2_client_credentials'>,
): TokenClient {
  if (client === 'integration') return integrationClient(request);
  const { credentials } = request;
  if (credentials.mode !== 'oauth2_client_credentials') return { owner: 'connection' };
  const { clientId, clientSecret } = credentials;
  return {
    owner: 'connection',
    clientId,
    clientSecret,
    // The form asks for the key where others ask for the secret; see `askedCredentialFields`.
    ...(clientAuthentication === 'private_key_jwt' && { privateKey: clientSecret }),
  };
}
