import { TenonError } from '../errors/tenon-error.ts';
import type { ProviderToken } from '../provider/provider-token.ts';
import { askInstallationToken } from './app/ask-installation-token.ts';
import { assumeRole } from './aws/assume-role.ts';
import { signAccessToken } from './jwt/sign-access-token.ts';
import { importOauth1Token } from './oauth1/import-oauth1-token.ts';
import { obtainClientCredentialsToken } from './oauth2/obtain-client-credentials-token.ts';
import { obtainJwtBearerToken } from './oauth2/obtain-jwt-bearer-token.ts';
import { exchangeCredentials } from './token-exchange/exchange-credentials.ts';
import type { TokenRequest } from './token-context.ts';

/**
 * Obtains a token from stored credentials, for the modes that need nobody's consent each time.
 * @throws TenonError `provider_unauthorized` when the provider refuses the customer's credentials,
 *   `integration_misconfigured` when it refuses the app, and what requests throw when the provider is down
 */
export async function obtainToken(request: TokenRequest): Promise<ProviderToken> {
  const { mode } = request.provider.auth;
  switch (mode) {
    case 'oauth2_client_credentials':
      return (await obtainClientCredentialsToken(request)).token;
    case 'oauth2_jwt_bearer':
      return (await obtainJwtBearerToken(request)).token;
    case 'oauth1':
      return importOauth1Token(request);
    case 'app':
      return (await askInstallationToken(request)).token;
    case 'jwt':
      return signAccessToken(request);
    case 'token_exchange':
      return exchangeCredentials(request);
    case 'aws_sigv4':
      return assumeRole(request);
    default:
      throw new TenonError('credentials_invalid', `Credentials of the mode ${mode} are not exchanged for a token.`);
  }
}
