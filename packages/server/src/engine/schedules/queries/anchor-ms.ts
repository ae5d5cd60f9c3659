import { sql } from 'kysely';

/** When a connection `c` was made, in whole milliseconds: what intervals count from, the same in SQL and in scripts. */
export const anchorMs = sql<number>`floor(extract(epoch from c.created_at) * 1000)::float8`;
