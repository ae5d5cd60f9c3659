import type { ActiveCredential } from '../provider/credential.ts';
import type { Provider } from '../provider/provider-schema.ts';

function listFields({ auth }: Provider): string[] {
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

/** A made-up credential of the provider's mode, for runs that meet a recording and no provider. */
export function createTestCredential(provider: Provider): ActiveCredential {
  return {
    mode: provider.auth.mode,
    fields: Object.fromEntries(listFields(provider).map((name) => [name, `test-${name}`])),
  };
}
