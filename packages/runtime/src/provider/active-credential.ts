import { TenonError } from '../errors/tenon-error.ts';
import type { ActiveCredential, Credentials } from './credential.ts';

/** What a token endpoint gave. */
export interface AccessToken {
  readonly accessToken: string;
  /** Unix time in milliseconds; absent: unknown, valid until the provider refuses it. */
  readonly expiresAtMs?: number;
}

/**
 * What a run is handed for stored credentials. The client secret of client credentials is left behind.
 * @param token needed for modes that exchange the credentials for one
 * @throws TenonError `credentials_invalid` when the mode needs a token and none is given
 */
export function toActiveCredential(credentials: Credentials, token?: AccessToken): ActiveCredential {
  switch (credentials.mode) {
    case 'none':
      return { mode: 'none', fields: {} };
    case 'api_key':
      return { mode: 'api_key', fields: { ...credentials.values } };
    case 'basic':
      return { mode: 'basic', fields: { username: credentials.username, password: credentials.password } };
    case 'oauth2_client_credentials': {
      if (!token) {
        throw new TenonError(
          'credentials_invalid',
          'Client credentials need an access token before they can be used.',
          {
            hint: 'Obtain one from the token endpoint first.',
          },
        );
      }
      return {
        mode: 'oauth2_client_credentials',
        fields: { accessToken: token.accessToken },
        ...(token.expiresAtMs === undefined ? {} : { expiresAtMs: token.expiresAtMs }),
      };
    }
  }
}
