import type { Credentials, Provider } from '@tenon/runtime/provider';
import type { ConnectionContext } from '../connection-context.ts';
import { sealToken, type StoredToken } from '../seal-secrets.ts';
import type { TokenColumns } from '../storage/store-token.ts';
import { planRefresh } from './plan-refresh.ts';

/** A token, encrypted, with the columns that follow from it. */
export function toTokenColumns(
  { keyring }: Pick<ConnectionContext, 'keyring'>,
  {
    connectionId,
    provider,
    credentials,
    token,
  }: { connectionId: number; provider: Provider; credentials: Credentials; token: StoredToken },
): TokenColumns {
  const plan = planRefresh(provider, { credentials, token });
  return {
    token: sealToken(token, { keyring, connectionId }),
    tokenExpiresAt: toDate(token.expiresAtMs),
    refreshExpiresAt: toDate(token.refreshExpiresAtMs),
    scopes: token.scopes ?? null,
    ...plan,
  };
}

function toDate(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms);
}
