import type { ColumnType, Manifest } from '@tenon/runtime/contract';
import { modelColumns, modelsOf } from '../columns/model-columns.ts';
import { createSqlNames, toSnakeCase } from '../columns/sql-name.ts';

export interface ViewColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** null: one of Tenon's own. */
  readonly property: string | null;
}

/** A view that an active version has. */
export interface PlannedView {
  readonly name: string;
  readonly integration: string;
  readonly model: string;
  readonly includesDeleted: boolean;
  readonly columns: readonly ViewColumn[];
}

/** Below Postgres' limit of 1,600 columns; what a model has beyond is left out. */
const mostProperties = 1_500;

/** The schema of an environment's views. */
export function viewSchemaName(environment: string): string {
  return createSqlNames()(`tenon_${toSnakeCase(environment)}`);
}

/** Previews of two environments may have the same name, and one made after another that is being deleted too. */
export function previewSchemaName(name: string, environmentId: number): string {
  return createSqlNames()(`tenonpreview_${environmentId}_${toSnakeCase(name)}`);
}

/** Two views a model: what there is, and as `<name>_all` with what is marked as deleted. */
export function planViews(manifest: Manifest): PlannedView[] {
  const nameOf = createSqlNames();
  const models = modelsOf(manifest).map((model) => ({
    ...model,
    name: nameOf(`${toSnakeCase(model.integration)}_${toSnakeCase(model.model)}`),
    properties: modelColumns(manifest, model).slice(0, mostProperties),
  }));
  return models.flatMap(({ integration, model, name, properties }) => {
    const own = (column: string, type: ColumnType): ViewColumn => ({ name: column, type, property: null });
    const columns = [
      own('_connection', 'text'),
      own('_id', 'text'),
      ...properties,
      own('_created_at', 'timestamptz'),
      own('_updated_at', 'timestamptz'),
    ];
    const view = { integration, model };
    return [
      { ...view, name, includesDeleted: false, columns },
      {
        ...view,
        name: nameOf(`${name}_all`),
        includesDeleted: true,
        columns: [...columns, own('_deleted_at', 'timestamptz')],
      },
    ];
  });
}
