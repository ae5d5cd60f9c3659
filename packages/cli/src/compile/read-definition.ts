import type { ProjectScript } from '../project/project.ts';
import type { Reporter } from './problem-reporter.ts';

/** Options of a definition as they came out of a script: nothing about them is known yet. */
export type RawOptions = Readonly<Record<string, unknown>>;

const makers = { sync: 'defineSync', action: 'defineAction' } as const;

/** Takes the definition out of a script's exports; undefined when there is none, which is then reported. */
export function readDefinition(
  script: ProjectScript,
  { exports, reporter }: { exports: Record<string, unknown>; reporter: Reporter },
): RawOptions | undefined {
  const maker = makers[script.kind];
  const hint = `Write \`export default ${maker}({ ... })\`.`;
  if (!('default' in exports)) {
    reporter.report('The script has no default export.', { code: 'definition_missing_export', hint });
    return undefined;
  }
  const definition = exports['default'];
  if (!isObject(definition) || !isObject(definition['options']) || !isKind(definition['kind'])) {
    reporter.report(`The default export is not a ${script.kind}, but ${describeValue(definition)}.`, { hint });
    return undefined;
  }
  if (definition['kind'] !== script.kind) {
    const folder = definition['kind'] === 'sync' ? 'syncs' : 'actions';
    reporter.report(`The script lies in ${script.kind}s/, but exports ${makers[definition['kind']]}(...).`, {
      hint: `Move it to integrations/${script.integration}/${folder}/, or use ${maker}.`,
    });
    return undefined;
  }
  if (typeof definition['options']['run'] !== 'function') {
    reporter.report('run is missing.', { hint: `Add \`async run(${script.kind}) { ... }\`.` });
    return undefined;
  }
  return definition['options'];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKind(value: unknown): value is keyof typeof makers {
  return value === 'sync' || value === 'action';
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'no keys'}`;
  return typeof value === 'function' ? 'a function' : `a ${typeof value}`;
}
