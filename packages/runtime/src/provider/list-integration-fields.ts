import type { ProviderField } from './auth/provider-field.ts';
import type { Provider } from './provider-schema.ts';

const clientId: ProviderField = { title: 'Client ID', secret: false, optional: false, multiline: false };
const clientSecret: ProviderField = { ...clientId, title: 'Client secret', secret: true };
const privateKey: ProviderField = { ...clientSecret, title: 'Private key (PEM)', multiline: true };
const keyId: ProviderField = { ...clientId, title: 'Key ID', optional: true };

/** What the developer configures for an integration of the provider: the client that its auth mode implies, and the provider's own fields. */
export function listIntegrationFields(provider: Provider): Readonly<Record<string, ProviderField>> {
  return { ...impliedFields(provider), ...provider.integration };
}

function impliedFields({ auth }: Provider): Record<string, ProviderField> {
  switch (auth.mode) {
    case 'oauth2':
      return clientFields(auth.clientAuthentication);
    case 'oauth2_client_credentials':
      return auth.client === 'integration' ? clientFields(auth.clientAuthentication) : {};
    case 'oauth1':
      return auth.authorizationUrl === undefined ? {} : { clientId, clientSecret };
    default:
      return {};
  }
}

function clientFields(authentication: string): Record<string, ProviderField> {
  if (authentication === 'none') return { clientId };
  return authentication === 'private_key_jwt' ? { clientId, privateKey, keyId } : { clientId, clientSecret };
}
