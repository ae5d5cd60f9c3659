import { TenonError } from '../../errors/tenon-error.ts';
import type { TokenRenewal } from '../token-context.ts';

/** @throws TenonError `provider_unauthorized` when nothing but another consent can renew the token */
export function requireRefreshToken({ token, provider }: TokenRenewal): string {
  if (token.refreshToken !== undefined && token.refreshToken !== '') return token.refreshToken;
  throw new TenonError(
    'provider_unauthorized',
    `The access token of ${provider.displayName} ended, and there is no refresh token to renew it with.`,
    {
      hint: 'Connect the account again. If this returns, check the scopes and authorizationParameters that the provider needs to give refresh tokens.',
    },
  );
}
