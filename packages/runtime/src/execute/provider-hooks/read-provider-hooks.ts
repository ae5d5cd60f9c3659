import type { ProviderHooks } from '../../define/define-provider-hooks.ts';
import { TenonError } from '../../errors/tenon-error.ts';

/**
 * Takes the hooks out of what a bundle exports.
 * @throws TenonError `hook_failed` when it exports something else
 */
export function readProviderHooks(exported: Record<string, unknown>, source: string): ProviderHooks {
  const definition = exported['default'];
  const isDefinition =
    typeof definition === 'object' && definition !== null && 'kind' in definition && 'hooks' in definition;
  if (isDefinition && definition.kind === 'provider-hooks' && typeof definition.hooks === 'object') {
    // What it holds was read when the project was compiled; each hook's answer is checked when it is called.
    return (definition.hooks ?? {}) as ProviderHooks;
  }
  throw new TenonError('hook_failed', `${source} does not export hooks of this runtime as its default.`, {
    hint: 'Write `export default defineProviderHooks({ ... })` and deploy again.',
  });
}
