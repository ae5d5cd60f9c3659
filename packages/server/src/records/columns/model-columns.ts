import type { ColumnType, Manifest } from '@tenon/runtime/contract';
import { columnTypeOf } from './column-type.ts';
import { createSqlNames, toSnakeCase } from './sql-name.ts';

/** One top-level property of a model. */
export interface ModelColumn {
  readonly name: string;
  readonly property: string;
  readonly type: ColumnType;
}

/** Names of the columns that are Tenon's own, in views and in exports. */
export const ownColumns = ['_connection', '_id', '_created_at', '_updated_at', '_deleted_at'] as const;

/**
 * The columns of a model in a manifest, in the order of its schema. Where several syncs of the integration save the
 * model, it has what any of them declares; a property that they declare differently is JSON.
 */
export function modelColumns(manifest: Manifest, { integration, model }: ModelName): ModelColumn[] {
  const types = new Map<string, ColumnType>();
  for (const definition of manifest.functions) {
    if (definition.kind !== 'sync' || definition.integration !== integration) continue;
    for (const { name, schema } of definition.models) {
      if (name === model) collect(types, schema['properties']);
    }
  }
  const nameOf = createSqlNames(ownColumns);
  return [...types].map(([property, type]) => ({ name: nameOf(toSnakeCase(property)), property, type }));
}

export interface ModelName {
  readonly integration: string;
  readonly model: string;
}

/** Every model of every integration, in the order of their names. */
export function modelsOf(manifest: Manifest): ModelName[] {
  const found = new Map<string, ModelName>();
  for (const definition of manifest.functions) {
    if (definition.kind !== 'sync') continue;
    const { integration } = definition;
    for (const { name } of definition.models) found.set(`${integration} ${name}`, { integration, model: name });
  }
  return [...found].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, model]) => model);
}

function collect(types: Map<string, ColumnType>, properties: unknown): void {
  if (typeof properties !== 'object' || properties === null) return;
  for (const [property, schema] of Object.entries(properties)) {
    const type = columnTypeOf(schema);
    types.set(property, (types.get(property) ?? type) === type ? type : 'jsonb');
  }
}
