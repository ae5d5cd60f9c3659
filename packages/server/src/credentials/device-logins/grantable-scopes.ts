import type { ApiScope } from '@tenon/runtime/contract';

/** What of the scopes that are asked for somebody can give: nobody hands out more than they have. */
export function grantableScopes(own: readonly ApiScope[], requested: readonly ApiScope[]): ApiScope[] {
  if (own.includes('admin')) return [...requested];
  // Everything was asked for: that is everything which there is to give.
  if (requested.includes('admin')) return [...own];
  return requested.filter((scope) => own.includes(scope));
}
