import { modelNameSchema, type SyncManifest } from '@tenon/runtime/contract';
import { describeSchema } from './describe-schema.ts';
import type { Reporter } from './problem-reporter.ts';
import { isObject } from './read-definition.ts';

/** Reads the models of a sync; what is wrong with one is reported, and that one is left out. */
export function describeModels(models: unknown, reporter: Reporter): SyncManifest['models'] {
  if (!isObject(models) || Object.keys(models).length === 0) {
    reporter.report('A sync needs at least one model.', {
      at: ['models'],
      hint: 'Write `models: { Issue }`, with `const Issue = z.object({ id: z.string(), ... })`.',
    });
    return [];
  }
  return Object.entries(models).flatMap(([name, schema]) => {
    const at = ['models', name];
    const parsed = modelNameSchema.safeParse(name);
    if (!parsed.success) {
      reporter.report(`"${name}" cannot name a model: ${parsed.error.issues[0]?.message}.`, { at });
      return [];
    }
    const described = reporter.attempt(at, () => describeSchema(schema, 'output'));
    if (described === undefined) return [];
    if (described['type'] !== 'object' || !isObject(described['properties'])) {
      reporter.report(`Model ${name} is not an object schema.`, {
        at,
        hint: 'Write z.object({ id: z.string(), ... }).',
      });
      return [];
    }
    const problem = findIdProblem(described['properties'], described['required']);
    if (problem !== undefined) {
      const hint = 'Every record needs an id that is a text or a number: add `id: z.string()`.';
      reporter.report(`Model ${name} ${problem}.`, { at, hint });
      return [];
    }
    return [{ name, schema: described }];
  });
}

function findIdProblem(properties: Record<string, unknown>, required: unknown): string | undefined {
  const id = properties['id'];
  if (!isObject(id)) return 'has no id';
  if (!Array.isArray(required) || !required.includes('id')) return 'has an optional id';
  return isTextOrNumber(id) ? undefined : 'has an id that is neither a text nor a number';
}

function isTextOrNumber(schema: Record<string, unknown>): boolean {
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) return options.every((option) => isObject(option) && isTextOrNumber(option));
  if ('const' in schema) return ['string', 'number'].includes(typeof schema['const']);
  if (Array.isArray(schema['enum']))
    return schema['enum'].every((value) => ['string', 'number'].includes(typeof value));
  return ['string', 'number', 'integer'].includes(String(schema['type']));
}
