import { TenonError } from '../../errors/tenon-error.ts';
import type { ClientOwner } from './judge-refusal.ts';
import type { TokenContext } from '../token-context.ts';

/** The OAuth client that asks. */
export interface TokenClient {
  readonly owner: ClientOwner;
  /** Absent: of grants that name none. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** PEM. */
  readonly privateKey?: string | undefined;
  readonly keyId?: string | undefined;
}

/** The client that the developer configured; what it lacks is noticed when it is needed. */
export function integrationClient({ integration }: TokenContext): TokenClient {
  const read = (name: string): string | undefined => (integration[name] === '' ? undefined : integration[name]);
  return {
    owner: 'integration',
    clientId: read('clientId'),
    clientSecret: read('clientSecret'),
    privateKey: read('privateKey'),
    keyId: read('keyId'),
  };
}

/** @throws TenonError `integration_misconfigured` or `credentials_invalid`, by whose client it is */
export function failClient(owner: ClientOwner, missing: string): never {
  if (owner === 'integration') {
    throw new TenonError('integration_misconfigured', `The integration has no ${missing}.`, {
      hint: 'Configure it in tenon.config.ts; `tenon integrations` says what is missing.',
    });
  }
  throw new TenonError('credentials_invalid', `The connection's credentials have no ${missing}.`, {
    hint: 'Connect the account again.',
  });
}
