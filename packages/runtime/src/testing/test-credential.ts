import type { ActiveCredential } from '../provider/credential.ts';
import { listCredentialFields } from '../provider/list-credential-fields.ts';
import type { Provider } from '../provider/provider-schema.ts';

/** A made-up credential of the provider's mode, for runs that meet a recording and no provider. */
export function createTestCredential(provider: Provider): ActiveCredential {
  return {
    mode: provider.auth.mode,
    fields: Object.fromEntries(listCredentialFields(provider.auth).map((name) => [name, `test-${name}`])),
  };
}
