import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Removes one batch of what an environment has. */
export interface EraseStep {
  /** For the log. */
  readonly name: string;
  /** @returns how many rows went; fewer than `limit`: nothing is left */
  removeBatch(database: Kysely<Schema>, options: { environmentId: number; limit: number }): Promise<number>;
}
