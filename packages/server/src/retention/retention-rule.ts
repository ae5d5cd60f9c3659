import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';

/** Removes one batch of what is too old. */
export interface RetentionRule {
  /** For the log. */
  readonly name: string;
  /** Days that it is kept. */
  readonly days: number;
  /**
   * @param before what is older goes
   * @returns how many rows were looked at and removed; fewer than `limit`: nothing is left
   */
  removeBatch(database: Kysely<Schema>, options: { before: Date; limit: number }): Promise<number>;
}
