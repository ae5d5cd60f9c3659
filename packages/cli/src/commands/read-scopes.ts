import { apiScopeSchema, type ApiScope } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';

/** @throws TenonError `usage_invalid` for a scope that there is not */
export function readScopes(names: readonly string[]): ApiScope[] {
  return names.map((name) => {
    const scope = apiScopeSchema.safeParse(name);
    if (scope.success) return scope.data;
    throw new TenonError('usage_invalid', `There is no scope ${name}.`, {
      hint: `Scopes are ${apiScopeSchema.options.join(', ')}.`,
    });
  });
}
