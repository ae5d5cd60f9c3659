import type { Kysely } from 'kysely';
import type { Environment } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../database/schema.ts';
import { toEnvironment } from './environment-row.ts';
import { findEnvironment, type Home } from './find-environment.ts';

/**
 * Lets a preview end so long from now, and so long after each deployment from then on; sooner than before, if that is
 * what it says.
 * @throws TenonError `preview_unknown`; `conflict` for an environment that does not end
 */
export async function extendPreview(
  database: Kysely<Schema>,
  { home, name, ttlMs, now }: { home: Home; name: string; ttlMs: number; now: Date },
): Promise<Environment> {
  const { id, parent_id: parentId } = await findEnvironment(database, { home, name });
  if (parentId === null) {
    throw new TenonError('conflict', `${name} is no preview: it does not expire.`, { hint: 'Name a preview.' });
  }
  await database
    .updateTable('environments')
    .set({ ttl_ms: ttlMs, expires_at: new Date(now.getTime() + ttlMs) })
    .where('id', '=', id)
    .where('deleting_at', 'is', null)
    .execute();
  return toEnvironment(await findEnvironment(database, { home, name }));
}
