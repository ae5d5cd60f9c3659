import type { ProviderHooksManifest } from '@tenon/runtime/contract';
import { providerHookNameSchema } from '@tenon/runtime/contract';
import type { ProjectHooks } from '../project/project.ts';
import type { Reporter } from './problem-reporter.ts';
import { isObject } from './read-definition.ts';

/** Reads which hooks a file declares; undefined when it declares none, which is then reported. */
export function describeHooks(
  file: ProjectHooks,
  { hash, exports, reporter }: { hash: string; exports: Record<string, unknown>; reporter: Reporter },
): ProviderHooksManifest | undefined {
  const hint = 'Write `export default defineProviderHooks({ ... })`.';
  if (!('default' in exports)) {
    reporter.report('The file has no default export.', { code: 'definition_missing_export', hint });
    return undefined;
  }
  const definition = exports['default'];
  if (!isObject(definition) || definition['kind'] !== 'provider-hooks' || !isObject(definition['hooks'])) {
    reporter.report('The default export is not made by defineProviderHooks.', { hint });
    return undefined;
  }
  const known: readonly string[] = providerHookNameSchema.options;
  const given = definition['hooks'];
  for (const [name, hook] of Object.entries(given)) {
    if (!known.includes(name))
      reporter.report(`${name} is not a hook.`, { hint: `Hooks are ${known.join(', ')}.`, at: [name] });
    else if (typeof hook !== 'function') reporter.report(`${name} is not a function.`, { at: [name] });
  }
  const hooks = providerHookNameSchema.options.filter((name) => typeof given[name] === 'function');
  if (hooks.length === 0) reporter.report('The file declares no hook.', { hint: `Hooks are ${known.join(', ')}.` });
  return { provider: file.provider, source: file.source, bundle: hash, hooks };
}
