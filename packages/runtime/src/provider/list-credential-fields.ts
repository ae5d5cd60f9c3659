import type { Provider } from './provider-schema.ts';

/** The credential fields that a provider's requests may name as `${credential.<field>}`, by its auth mode. */
export function listCredentialFields(auth: Provider['auth']): string[] {
  switch (auth.mode) {
    case 'none':
      return [];
    case 'api_key':
      return Object.keys(auth.fields);
    case 'basic':
      return ['username', 'password'];
    case 'oauth2_client_credentials':
      return ['accessToken'];
  }
}
