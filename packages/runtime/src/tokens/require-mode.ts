import { TenonError } from '../errors/tenon-error.ts';
import type { AuthMode, AuthOf } from '../provider/auth/provider-auth.ts';
import type { Provider } from '../provider/provider-schema.ts';

/**
 * The declaration of the mode that an exchange is for.
 * @throws TenonError `credentials_invalid` for a provider of another mode
 */
export function requireMode<Mode extends AuthMode>({ auth, displayName }: Provider, mode: Mode): AuthOf<Mode> {
  if (isOfMode(auth, mode)) return auth;
  throw new TenonError('credentials_invalid', `${displayName} connects by ${auth.mode}, and not by ${mode}.`);
}

function isOfMode<Mode extends AuthMode>(auth: Provider['auth'], mode: Mode): auth is AuthOf<Mode> {
  return auth.mode === mode;
}
