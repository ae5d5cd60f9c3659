import type { SettingsNode, SettingsOption } from './settings-node.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Makes the inputs of a form from the JSON Schema of an object, as zod writes it. */
export function readSettingsSchema(schema: Schema | null): SettingsNode[] {
  return schema === null ? [] : readObject(schema, { path: [], initial: undefined });
}

function readObject(schema: Schema, at: { path: readonly string[]; initial: unknown }): SettingsNode[] {
  const parts = [schema, ...(Array.isArray(schema['allOf']) ? (schema['allOf'] as unknown[]).map(asSchema) : [])];
  const required = new Set(parts.flatMap((part) => (Array.isArray(part['required']) ? part['required'] : [])));
  const properties = parts.flatMap((part) => Object.entries(asSchema(part['properties'])));
  return properties.map(([name, property]) => {
    const own = asSchema(property);
    return readNode(own, {
      path: [...at.path, name],
      title: textOf(own['title']) ?? titleOf(name),
      description: textOf(own['description']),
      // A setting with a default is filled in already, whatever the schema requires of the result.
      isRequired: required.has(name) && own['default'] === undefined,
      initial: own['default'] ?? asSchema(at.initial)[name],
    });
  });
}

type Head = Pick<SettingsNode, 'path' | 'title' | 'description' | 'isRequired' | 'initial'>;

function readNode(schema: Schema, head: Head): SettingsNode {
  const options = readOptions(schema);
  if (options) return { ...head, kind: 'choice', options };
  const minItems = numberOf(schema['minItems']);
  const maxItems = numberOf(schema['maxItems']);
  switch (schema['type']) {
    case 'string':
      return {
        ...head,
        kind: 'text',
        format: formats[textOf(schema['format']) ?? ''] ?? 'text',
        pattern: textOf(schema['pattern']),
        minLength: numberOf(schema['minLength']),
        maxLength: numberOf(schema['maxLength']),
      };
    case 'number':
    case 'integer':
      return {
        ...head,
        kind: 'number',
        isInteger: schema['type'] === 'integer',
        minimum: limitOf(schema['minimum']),
        maximum: limitOf(schema['maximum']),
      };
    case 'boolean':
      return { ...head, kind: 'boolean' };
    case 'array': {
      const items = asSchema(schema['items']);
      const itemOptions = readOptions(items);
      if (itemOptions) return { ...head, kind: 'choices', options: itemOptions, minItems, maxItems };
      if (items['type'] === 'string') return { ...head, kind: 'list', minItems, maxItems };
      return { ...head, kind: 'json' };
    }
    case 'object': {
      const children = readObject(schema, head);
      return children.length > 0 ? { ...head, kind: 'group', children } : { ...head, kind: 'json' };
    }
    default:
      return { ...head, kind: 'json' };
  }
}

const formats: Readonly<Record<string, 'email' | 'url' | 'date'>> = { email: 'email', uri: 'url', date: 'date' };

/** `enum`, or the constants of `anyOf` and `oneOf`, which may have titles. */
function readOptions(schema: Schema): SettingsOption[] | undefined {
  const constants = [schema['anyOf'], schema['oneOf']].find(Array.isArray) as unknown[] | undefined;
  const entries: Schema[] | undefined = Array.isArray(schema['enum'])
    ? (schema['enum'] as unknown[]).map((value) => ({ const: value }))
    : constants?.map(asSchema);
  if (!entries || entries.length === 0) return undefined;
  const options = entries.map(({ const: value, title }) => ({ value, title: textOf(title) ?? String(value) }));
  const isSimple = options.every(({ value }) => typeof value === 'string' || typeof value === 'number');
  return isSimple ? (options as SettingsOption[]) : undefined;
}

/** `updatedAfter` is read as "Updated after". */
function titleOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** zod writes the range of safe integers out, which says nothing to a person. */
function limitOf(value: unknown): number | undefined {
  const limit = numberOf(value);
  return limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER ? undefined : limit;
}
