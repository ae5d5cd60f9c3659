import { captureOf } from '../provider/capture-of.ts';
import { captureAccount } from './capture-account.ts';
import { obtainClientCredentialsToken } from './oauth2/obtain-client-credentials-token.ts';
import { obtainJwtBearerToken } from './oauth2/obtain-jwt-bearer-token.ts';
import type { ObtainedToken } from './obtained-token.ts';
import { obtainToken } from './obtain-token.ts';
import type { AuthorizedAccount, TokenRequest } from './token-context.ts';

/**
 * Obtains the first token of a connection from what the customer gave, and what the provider tells about the account.
 * @throws TenonError as `obtainToken`, and `provider_answer_invalid` when the provider does not tell what it was to
 */
export async function obtainAccount(request: TokenRequest): Promise<AuthorizedAccount> {
  const { token, answer } = await obtainFirst(request);
  const captured = await captureAccount(request, {
    capture: captureOf(request.provider.auth),
    token: answer,
    credential: { accessToken: token.accessToken },
  });
  return { token, captured };
}

async function obtainFirst(request: TokenRequest): Promise<ObtainedToken> {
  switch (request.provider.auth.mode) {
    case 'oauth2_client_credentials':
      return obtainClientCredentialsToken(request);
    case 'oauth2_jwt_bearer':
      return obtainJwtBearerToken(request);
    default:
      return { token: await obtainToken(request), answer: {} };
  }
}
