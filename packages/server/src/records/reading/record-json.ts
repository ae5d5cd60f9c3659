import { sql, type RawBuilder } from 'kysely';

const isoTime = (column: string): RawBuilder<string> =>
  sql`'"' || to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'`;

/**
 * The fields of a stored record as JSON text, without the braces: built by Postgres and passed on as it is, so that
 * the data of a page of a thousand records is never parsed and printed again by Node.
 */
export const recordFieldsJson: RawBuilder<string> = sql`
  '"id":' || to_json(external_id)::text || ',"data":' || data::text ||
  ',"createdAt":' || ${isoTime('created_at')} || ',"updatedAt":' || ${isoTime('updated_at')} ||
  ',"deletedAt":' || coalesce(${isoTime('deleted_at')}, 'null')`;
