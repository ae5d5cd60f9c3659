import { sql, type RawBuilder } from 'kysely';

/**
 * A condition that always holds, for a statement that is a transaction of its own and whose commit need not wait for
 * the disk (3.5 ms where this was measured), because a later commit that somebody waits for flushes it too, or because
 * nothing is lost with it. Only a crash of Postgres or of the machine, within the next half second, can take it away.
 * Must be evaluated for a row that is written or read: Postgres looks at the setting when it commits.
 */
export const flushedLater: RawBuilder<boolean> = sql`set_config('synchronous_commit', 'off', true) is not null`;
