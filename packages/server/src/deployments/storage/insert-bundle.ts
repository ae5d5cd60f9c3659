import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Keeps a bundle; one that is there already stays as it is, for its hash is its content. */
export async function insertBundle(database: Kysely<Schema>, bundle: { hash: string; code: string }): Promise<void> {
  await database
    .insertInto('bundles')
    .values(bundle)
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
}
