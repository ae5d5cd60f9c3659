import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { EnvironmentRow } from './environment-row.ts';
import { previewUnknown } from './preview-unknown.ts';
import { selectEnvironments } from './queries/select-environments.ts';

/** Whose environments are looked at: of a key, or the preview that a request acts in. */
export interface Home {
  readonly environmentId: number;
  readonly environment: string;
}

/**
 * The environment of a key, or a preview of it: nobody sees others.
 * @throws TenonError `preview_unknown`
 */
export async function findEnvironment(
  database: Kysely<Schema>,
  { home, name }: { home: Home; name: string },
): Promise<EnvironmentRow> {
  const [row] = await selectEnvironments(database, { homeId: home.environmentId, name, limit: 1 });
  if (row) return row;
  throw await previewUnknown(database, { home, name });
}
