import { isObject } from './read-definition.ts';

type Schema = Record<string, unknown>;

/** Whether a JSON Schema describes something at a path; lists are passed through, references followed. */
export function hasPath(schema: Schema, path: readonly string[]): boolean {
  return leadsOn(schema, { path, root: schema, followed: new Set() });
}

interface Walk {
  readonly path: readonly string[];
  readonly root: Schema;
  /** References followed since the last step, for they may lead in a circle. */
  readonly followed: ReadonlySet<string>;
}

function leadsOn(schema: unknown, walk: Walk): boolean {
  const [key, ...rest] = walk.path;
  if (key === undefined) return true;
  if (!isObject(schema)) return false;
  const reference = schema['$ref'];
  if (typeof reference === 'string' && !walk.followed.has(reference)) {
    const target = resolve(walk.root, reference);
    if (leadsOn(target, { ...walk, followed: new Set([...walk.followed, reference]) })) return true;
  }
  const { properties, additionalProperties, items } = schema;
  if (isObject(properties) && Object.hasOwn(properties, key)) {
    return leadsOn(properties[key], { ...walk, path: rest, followed: new Set() });
  }
  if (isObject(additionalProperties) && leadsOn(additionalProperties, { ...walk, path: rest, followed: new Set() })) {
    return true;
  }
  const alternatives = ['anyOf', 'oneOf', 'allOf', 'prefixItems'].flatMap((name) => schema[name] ?? []);
  return [items, ...alternatives].some((alternative) => leadsOn(alternative, walk));
}

function resolve(root: Schema, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  const keys = reference.split('/').slice(1);
  return keys.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
}
