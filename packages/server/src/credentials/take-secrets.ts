import { validateCredentials, type Credentials, type Provider, type ProviderToken } from '@tenon/runtime/provider';
import type { StoredToken } from './seal-secrets.ts';
import { takeImport, type TakenImport } from './take-import.ts';
import { mergeToken } from './tokens/merge-token.ts';

/**
 * Checks credentials, and takes the token that came with them: of a consent, or brought by an import.
 * @param options.previous of the connection whose credentials they replace
 * @throws TenonError `credentials_invalid`
 */
export function takeSecrets(
  provider: Provider,
  options: {
    credentials: Credentials;
    token?: ProviderToken | undefined;
    previous?: StoredToken | undefined;
    nowMs: number;
  },
): TakenImport {
  const { nowMs } = options;
  const credentials = validateCredentials(provider, options.credentials);
  if (!options.token) return takeImport(credentials, { nowMs, auth: provider.auth });
  return { credentials, token: mergeToken(provider.auth, options.token, { previous: options.previous, nowMs }) };
}
