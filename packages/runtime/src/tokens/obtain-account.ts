import { toActiveCredential } from '../provider/active-credential.ts';
import type { Capture } from '../provider/auth/capture.ts';
import { captureOf } from '../provider/capture-of.ts';
import { askInstallationToken } from './app/ask-installation-token.ts';
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
    capture: captureWithoutBrowser(request),
    token: answer,
    credential: toActiveCredential(request.credentials, token).fields,
  });
  return { token, captured };
}

/**
 * What only a browser's way back tells, an import brings itself: the number of an installation, what came with a token of
 * OAuth 1.0a. All else is the provider's to tell, whatever was brought: it may become the host that a token is sent to.
 */
function captureWithoutBrowser({ provider: { auth } }: TokenRequest): Capture {
  const rules = Object.entries(captureOf(auth));
  return Object.fromEntries(
    rules.filter(([, { from }]) => from === 'request' || (from !== 'callback' && auth.mode !== 'oauth1')),
  );
}

async function obtainFirst(request: TokenRequest): Promise<ObtainedToken> {
  switch (request.provider.auth.mode) {
    case 'oauth2_client_credentials':
      return obtainClientCredentialsToken(request);
    case 'oauth2_jwt_bearer':
      return obtainJwtBearerToken(request);
    case 'app':
      return askInstallationToken(request);
    default:
      return { token: await obtainToken(request), answer: {} };
  }
}
