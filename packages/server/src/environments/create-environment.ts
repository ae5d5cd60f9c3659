import type { Kysely } from 'kysely';
import type { CreatedEnvironment } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { createApiKey } from '../credentials/api-keys/create-api-key.ts';
import type { ApiKeyOwner } from '../credentials/api-keys/find-api-key.ts';
import type { Schema } from '../database/schema.ts';
import { toEnvironment } from './environment-row.ts';
import { findEnvironment } from './find-environment.ts';

/**
 * Makes an environment that stays, with its first API key: the only way into it, for the caller's own key does not reach
 * it. The key ends with the caller's at the latest.
 * @throws TenonError `conflict` for a name that is taken
 */
export async function createEnvironment(
  database: Kysely<Schema>,
  { caller, name }: { caller: ApiKeyOwner; name: string },
): Promise<CreatedEnvironment> {
  return database.transaction().execute(async (transaction) => {
    const row = await transaction
      .insertInto('environments')
      .values({ name })
      .onConflict((conflict) =>
        conflict.column('name').where('parent_id', 'is', null).where('deleting_at', 'is', null).doNothing(),
      )
      .returning('id')
      .executeTakeFirst();
    if (!row) {
      throw new TenonError('conflict', `There is an environment ${name} already.`, {
        hint: 'Take another name. Only keys of an environment reach it: ask whoever has one.',
      });
    }
    const home = { environmentId: row.id, environment: name };
    const key = await createApiKey(transaction, { caller: { ...caller, ...home }, name: 'initial', scopes: ['admin'] });
    return { ...toEnvironment(await findEnvironment(transaction, { home, name })), key };
  });
}
