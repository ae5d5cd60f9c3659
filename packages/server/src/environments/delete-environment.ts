import type { Kysely, Transaction } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiKeyOwner } from '../credentials/api-keys/find-api-key.ts';
import { requireScopes } from '../credentials/api-keys/require-scopes.ts';
import type { Schema } from '../database/schema.ts';
import { findEnvironment } from './find-environment.ts';
import { markDeleted } from './queries/mark-deleted.ts';
import { selectPreviewNames } from './queries/select-preview-names.ts';

/**
 * Deletes a preview, or the caller's own environment: nobody reaches it from now on, and everything of it goes in the
 * background (sweep-environments.ts), since that may take long.
 * @returns the keys that open nothing any more
 * @throws TenonError `preview_unknown`; of what is no preview `forbidden` without the scope admin, `conflict` while it
 *   has previews or a server is configured with it
 */
export async function deleteEnvironment(
  database: Kysely<Schema>,
  { caller, name, now }: { caller: ApiKeyOwner; name: string; now: Date },
): Promise<{ keyIds: number[] }> {
  const row = await findEnvironment(database, { home: caller, name });
  const isPreview = row.parent_id !== null;
  if (!isPreview) requireScopes(caller, ['admin']);
  return database.transaction().execute(async (transaction) => {
    await transaction.selectFrom('environments').select('id').where('id', '=', row.id).forUpdate().execute();
    if (!isPreview) await refuseUsed(transaction, { environmentId: row.id, name });
    return { keyIds: (await markDeleted(transaction, { environmentId: row.id, now })) ?? [] };
  });
}

async function refuseUsed(
  transaction: Transaction<Schema>,
  { environmentId, name }: { environmentId: number; name: string },
): Promise<void> {
  const previews = await selectPreviewNames(transaction, { parentId: environmentId, limit: 20 });
  if (previews.length > 0) {
    throw new TenonError('conflict', `${name} has previews: ${previews.join(', ')}.`, {
      hint: 'Delete them first, with `tenon environments delete <name>`.',
      details: { previews },
    });
  }
  const configured = await transaction
    .selectFrom('api_keys')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('configured', '=', true)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!configured) return;
  throw new TenonError('conflict', `${name} is the environment that a server is configured with.`, {
    hint: 'That server would make it again when it starts.',
  });
}
