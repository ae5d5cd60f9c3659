import { sql, type RawBuilder } from 'kysely';
import { parseWhere, type FieldCondition } from './parse-where.ts';
import type { RecordFilter } from './record-filter.ts';

/**
 * The conditions of a filter on rows of `records`, each beginning with `and`; values are parameters.
 * @throws TenonError `request_invalid` for a `where` that is none
 */
export function recordFilterSql({ ids, updatedAfter, deleted, where }: RecordFilter): RawBuilder<unknown> {
  const conditions = [
    ...(deleted === 'include' ? [] : [deleted === 'only' ? sql`deleted_at is not null` : sql`deleted_at is null`]),
    ...(updatedAfter === undefined ? [] : [sql`updated_at > ${updatedAfter}::timestamptz`]),
    ...(ids === undefined ? [] : [sql`external_id = any(${[...ids]}::text[])`]),
    ...parseWhere(where).map(conditionSql),
  ];
  return sql.join(
    conditions.map((condition) => sql`and ${condition}`),
    sql` `,
  );
}

/** Compared as text, in the form that both JavaScript and the stored JSON have; its type tells 1 from "1". */
function conditionSql({ path, value }: FieldCondition): RawBuilder<unknown> {
  const at = [...path];
  if (value === null) return sql`data #>> ${at}::text[] is null`;
  return sql`(data #>> ${at}::text[] = ${String(value)} and json_typeof(data #> ${at}::text[]) = ${typeof value})`;
}
