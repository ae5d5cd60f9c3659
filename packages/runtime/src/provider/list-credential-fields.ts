import type { ProviderAuth } from './auth/provider-auth.ts';
import type { ProviderField } from './auth/provider-field.ts';

/** What the customer is asked for in the way of secrets, by the auth mode; nothing where a browser obtains them. */
export function askedCredentialFields(auth: ProviderAuth): Readonly<Record<string, ProviderField>> {
  switch (auth.mode) {
    case 'api_key':
    case 'oauth2_jwt_bearer':
    case 'jwt':
    case 'token_exchange':
    case 'aws_sigv4':
    case 'signature':
    case 'oauth1':
      return auth.fields;
    case 'basic':
      return { username: auth.username ?? plain('User name'), password: auth.password ?? secret('Password') };
    case 'oauth2_client_credentials':
      return auth.client === 'integration'
        ? {}
        : {
            clientId: plain('Client ID'),
            clientSecret:
              auth.clientAuthentication === 'private_key_jwt'
                ? { ...secret('Private key (PEM)'), multiline: true }
                : secret('Client secret'),
          };
    case 'none':
    case 'oauth2':
    case 'app':
    case 'mcp_oauth':
      return {};
  }
}

/** The credential fields that a provider's requests may name as `${credential.<field>}`. */
export function listCredentialFields(auth: ProviderAuth): string[] {
  switch (auth.mode) {
    case 'oauth2':
    case 'oauth2_client_credentials':
    case 'oauth2_jwt_bearer':
    case 'mcp_oauth':
    case 'app':
    case 'jwt':
      return ['accessToken'];
    case 'token_exchange':
      return Object.keys(auth.credential);
    case 'oauth1':
      return [...Object.keys(auth.fields), 'token', 'tokenSecret'];
    case 'aws_sigv4':
      return [
        ...Object.keys(auth.fields),
        ...(auth.assumeRole ? ['accessKeyId', 'secretAccessKey', 'sessionToken'] : []),
      ];
    default:
      return Object.keys(askedCredentialFields(auth));
  }
}

function plain(title: string): ProviderField {
  return { title, secret: false, optional: false, multiline: false };
}

function secret(title: string): ProviderField {
  return { ...plain(title), secret: true };
}
