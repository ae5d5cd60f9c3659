import { sql, type Kysely } from 'kysely';
import type { PageCounts } from '@tenon/runtime/execute';
import type { Schema } from '../../../database/schema.ts';
import type { RunClaim } from '../run-claim.ts';

/**
 * Adds a page's counts to its run, within the transaction that commits the page, if the run is still the caller's.
 * @returns false when it is not: the page must not be committed
 */
export async function countPage(
  database: Kysely<Schema>,
  claim: RunClaim,
  { added, updated, unchanged, deleted, quarantined, held }: PageCounts,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update runs
    set heartbeat_at = now(), counts = jsonb_build_object(
      'read', (counts->>'read')::int + ${added + updated + unchanged + quarantined}::int,
      'added', (counts->>'added')::int + ${added}::int,
      'updated', (counts->>'updated')::int + ${updated}::int,
      'unchanged', (counts->>'unchanged')::int + ${unchanged}::int,
      'deleted', (counts->>'deleted')::int + ${deleted}::int,
      'quarantined', (counts->>'quarantined')::int + ${quarantined}::int,
      'held', (counts->>'held')::int + ${held}::int)
    where id = ${claim.id} and attempt = ${claim.attempt} and owner = ${claim.owner} and status = 'running'`.execute(
    database,
  );
  return numAffectedRows === 1n;
}
