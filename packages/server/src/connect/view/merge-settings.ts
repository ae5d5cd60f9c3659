import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '@tenon/runtime/contract';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The settings of all syncs of an integration as one form: a connection has one set of them, and each sync reads its
 * own. What two syncs declare differently has to satisfy both.
 * @param given not asked for any more
 * @returns null when there is nothing to choose
 */
export function mergeSettings(
  manifest: Manifest,
  { integration, given }: { integration: string; given: Readonly<Record<string, unknown>> },
): JsonSchema | null {
  const schemas = manifest.functions.flatMap((one) =>
    one.kind === 'sync' && one.integration === integration && one.settings ? [one.settings] : [],
  );
  const properties: Record<string, unknown> = {};
  const definitions: Record<string, unknown> = {};
  const required = new Set<string>();
  for (const schema of schemas) {
    Object.assign(definitions, readObject(schema['$defs']));
    for (const [name, property] of Object.entries(readObject(schema['properties']))) {
      if (Object.hasOwn(given, name)) continue;
      const known = properties[name];
      if (known === undefined) properties[name] = property;
      else if (!isDeepStrictEqual(known, property)) properties[name] = { allOf: [known, property] };
    }
    for (const name of Array.isArray(schema['required']) ? schema['required'] : []) {
      if (typeof name === 'string' && !Object.hasOwn(given, name)) required.add(name);
    }
  }
  if (Object.keys(properties).length === 0) return null;
  return {
    type: 'object',
    properties,
    ...(required.size > 0 && { required: [...required] }),
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  };
}

function readObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
