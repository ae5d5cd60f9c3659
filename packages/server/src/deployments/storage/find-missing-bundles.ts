import type { Kysely } from 'kysely';
import type { Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

/** Hashes that the manifest names and the server does not hold, each once, in the manifest's order. */
export async function findMissingBundles(database: Kysely<Schema>, manifest: Manifest): Promise<string[]> {
  const named = [...new Set([...manifest.providerHooks, ...manifest.functions].map(({ bundle }) => bundle))];
  if (named.length === 0) return [];
  // Locked until the deployment's transaction ends: the end of a preview takes away bundles that nobody else names.
  const rows = await database
    .selectFrom('bundles')
    .select('hash')
    .where('hash', 'in', named)
    .orderBy('hash')
    .forKeyShare()
    .execute();
  const held = new Set(rows.map(({ hash }) => hash));
  return named.filter((hash) => !held.has(hash));
}
