import { quoteName } from '../columns/sql-name.ts';
import type { PlannedView, ViewColumn } from './planned-views.ts';

/**
 * The select of a view. No cast in it fails, whatever older versions of the model have left in the data: what is not
 * of a column's type is null there.
 */
export function viewSelect(view: PlannedView, options: { schema: string; environmentId: number }): string {
  const columns = view.columns.map((column) => `${columnSql(column, options.schema)} as ${quoteName(column.name)}`);
  return `select ${columns.join(',\n  ')}
from records r join datasets d on d.id = r.dataset_id join connections c on c.id = d.connection_id
where c.environment_id = ${options.environmentId} and c.integration = ${quoteText(view.integration)}
  and d.model = ${quoteText(view.model)}${view.includesDeleted ? '' : ' and r.deleted_at is null'}`;
}

const ownColumns: Readonly<Record<string, string>> = {
  _connection: 'c.name',
  _id: 'r.external_id',
  _created_at: 'r.created_at',
  _updated_at: 'r.updated_at',
  _deleted_at: 'r.deleted_at',
};

function columnSql({ name, property, type }: ViewColumn, schema: string): string {
  if (property === null) return ownColumns[name] ?? 'null';
  const key = quoteText(property);
  const [json, text] = [`(r.data -> ${key})`, `(r.data ->> ${key})`];
  switch (type) {
    case 'text':
      return text;
    case 'double precision':
      return `case when json_typeof${json} = 'number' then ${text}::double precision end`;
    case 'bigint':
      return `case when json_typeof${json} = 'number' and ${text} ~ '^-?[0-9]{1,18}$' then ${text}::bigint end`;
    case 'boolean':
      return `case when json_typeof${json} = 'boolean' then ${text}::boolean end`;
    case 'timestamptz':
      return `${quoteName(schema)}.read_time(${text})`;
    case 'date':
      return `${quoteName(schema)}.read_date(${text})`;
    case 'jsonb':
      return `${json}::jsonb`;
  }
}

/**
 * Reads times and dates of ISO 8601; anything else is null. A pattern alone would let the 31st of February through, so
 * the cast's own refusal is caught. Not parallel safe: what catches an error is a subtransaction.
 */
export function readerFunctions(schema: string): string[] {
  const create = (name: string, type: string, body: string): string => `
    create or replace function ${quoteName(schema)}.${name}(value text) returns ${type}
    language plpgsql immutable strict as $function$
    begin
      ${body}
    exception when others then return null;
    end $function$`;
  const time = '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?';
  return [
    create(
      'read_time',
      'timestamptz',
      `if value ~ '${time}([Zz]|[+-][0-9]{2}:?[0-9]{2})$' then return value::timestamptz; end if;
      -- Without a zone it is UTC's, not that of whoever reads it.
      if value ~ '${time}$' then return (value || 'Z')::timestamptz; end if;
      return null;`,
    ),
    create('read_date', 'date', `return case when value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then value::date end;`),
  ];
}

export function quoteText(text: string): string {
  // With standard_conforming_strings, which is on in every session, a backslash is itself.
  return `'${text.replaceAll("'", "''")}'`;
}
