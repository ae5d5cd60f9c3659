import { TenonError } from '../errors/tenon-error.ts';
import type { ActiveCredential, Credentials } from './credential.ts';
import type { ProviderToken } from './provider-token.ts';

/**
 * What a run is handed for stored credentials. Secrets that only serve to obtain tokens are left behind.
 * @param token needed for the modes that use one
 * @throws TenonError `credentials_invalid` when the mode needs a token and none is given
 */
export function toActiveCredential(credentials: Credentials, token?: ProviderToken): ActiveCredential {
  const { mode } = credentials;
  switch (mode) {
    case 'none':
      return { mode, fields: {} };
    case 'api_key':
    case 'signature':
      return { mode, fields: { ...credentials.values } };
    case 'basic':
      return { mode, fields: { username: credentials.username, password: credentials.password } };
    case 'aws_sigv4':
      return withToken(mode, { ...credentials.values, ...token?.fields }, token);
    case 'oauth1':
      return { mode, fields: { ...credentials.values, ...oauth1Fields(token) } };
    default:
      if (!token) throw missingToken(mode);
      return withToken(mode, { accessToken: token.accessToken, ...token.fields }, token);
  }
}

function withToken(
  mode: ActiveCredential['mode'],
  fields: Record<string, string>,
  token: ProviderToken | undefined,
): ActiveCredential {
  return { mode, fields, ...(token?.expiresAtMs === undefined ? {} : { expiresAtMs: token.expiresAtMs }) };
}

function oauth1Fields(token: ProviderToken | undefined): Record<string, string> {
  return token ? { token: token.accessToken, tokenSecret: token.tokenSecret ?? '' } : {};
}

function missingToken(mode: string): TenonError {
  return new TenonError(
    'credentials_invalid',
    `Credentials of the mode ${mode} need a token before they can be used.`,
    {
      hint: 'Obtain one first: connect the account, or import its tokens.',
    },
  );
}
