import { TenonError } from '@tenon/runtime/errors';
import type { ApiScope } from '@tenon/runtime/contract';
import type { ApiKeyOwner } from './find-api-key.ts';

/** Whether a key may do what another with these scopes may do. */
export function coversScopes(owner: Pick<ApiKeyOwner, 'scopes'>, scopes: readonly ApiScope[]): boolean {
  return owner.scopes.includes('admin') || scopes.every((scope) => owner.scopes.includes(scope));
}

/**
 * Nobody hands out, or takes away, more than they have.
 * @throws TenonError `forbidden`
 */
export function requireScopes(owner: ApiKeyOwner, scopes: readonly ApiScope[]): void {
  if (coversScopes(owner, scopes)) return;
  const lacking = scopes.filter((scope) => !owner.scopes.includes(scope));
  throw new TenonError('forbidden', `The API key "${owner.keyName}" itself lacks ${lacking.join(', ')}.`, {
    hint: `It has ${owner.scopes.join(', ')}. Ask for these or fewer scopes, or use a key with the scope admin.`,
    details: { lacking },
  });
}
