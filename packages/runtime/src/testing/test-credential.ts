import type { ActiveCredential } from '../provider/credential.ts';
import { listCredentialFields } from '../provider/list-credential-fields.ts';
import { listIntegrationFields } from '../provider/list-integration-fields.ts';
import type { Provider } from '../provider/provider-schema.ts';

/** A made-up credential of the provider's mode, for runs that meet a recording and no provider. */
export function createTestCredential(provider: Provider): ActiveCredential {
  return {
    mode: provider.auth.mode,
    fields: Object.fromEntries(listCredentialFields(provider.auth).map((name) => [name, `test-${name}`])),
  };
}

/** Made-up values of the integration, for what the provider's requests name beside the credential. */
export function createTestIntegration(provider: Provider): Record<string, string> {
  return Object.fromEntries(Object.keys(listIntegrationFields(provider)).map((name) => [name, `test-${name}`]));
}

/** The provider without signatures: made-up keys cannot sign, and no recording holds the signature of another moment. */
export function withoutSigning(provider: Provider): Provider {
  const { mode } = provider.auth;
  const signs = mode === 'oauth1' || mode === 'aws_sigv4' || mode === 'signature';
  return signs ? { ...provider, auth: { mode: 'none' } } : provider;
}
