import type { Credentials, Provider } from '@tenon/runtime/provider';
import type { ConnectionContext } from './connection-context.ts';
import { sealCredentials, type StoredToken } from './seal-secrets.ts';
import type { TokenColumns } from './storage/store-token.ts';
import { toTokenColumns } from './tokens/token-columns.ts';

/** The columns of a connection that hold, or follow from, its secrets. */
export interface SecretColumns extends Omit<TokenColumns, 'token'> {
  readonly authMode: string;
  readonly credentials: Buffer;
  readonly token: Buffer | null;
}

const noToken = {
  token: null,
  tokenExpiresAt: null,
  refreshExpiresAt: null,
  refreshAt: null,
  expiry: null,
  scopes: null,
};

/** Encrypts credentials, and the token that came with them, for one row. */
export function sealConnection(
  { keyring }: Pick<ConnectionContext, 'keyring'>,
  secrets: { connectionId: number; provider: Provider; credentials: Credentials; token: StoredToken | undefined },
): SecretColumns {
  const { connectionId, credentials, token } = secrets;
  return {
    authMode: credentials.mode,
    credentials: sealCredentials(credentials, { keyring, connectionId }),
    ...(token ? toTokenColumns({ keyring }, { ...secrets, token }) : noToken),
  };
}
