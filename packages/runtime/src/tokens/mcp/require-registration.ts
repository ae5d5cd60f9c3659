import { TenonError } from '../../errors/tenon-error.ts';
import type { TokenRenewal } from '../token-context.ts';
import type { Registration } from './registration.ts';

/** @throws TenonError `provider_unauthorized` for a token whose client is not known (an import) */
export function requireRegistration({ token, provider }: TokenRenewal): Registration {
  if (token.registration) return token.registration;
  throw new TenonError(
    'provider_unauthorized',
    `The token of ${provider.displayName} cannot be renewed: which client it was given to is not known.`,
    { hint: 'Connect the account again.' },
  );
}
