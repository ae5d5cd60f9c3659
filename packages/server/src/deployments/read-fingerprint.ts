import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';

export interface EnvironmentState {
  readonly environment: string;
  readonly fingerprint: string;
}

/**
 * What a plan is bound to: this very environment, and its active version, which never changes once it is there. An
 * environment that was removed and made again under its name is another one.
 */
export async function readFingerprint(
  database: Kysely<Schema>,
  { environmentId, version }: { environmentId: number; version: number },
): Promise<EnvironmentState> {
  const { name, created_at: createdAt } = await database
    .selectFrom('environments')
    .select(['name', 'created_at'])
    .where('id', '=', environmentId)
    .executeTakeFirstOrThrow();
  const text = JSON.stringify([name, createdAt.toISOString(), version]);
  return { environment: name, fingerprint: createHash('sha256').update(text).digest('hex').slice(0, 32) };
}
