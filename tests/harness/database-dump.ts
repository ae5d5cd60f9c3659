import type { Pool } from 'pg';

/** Every value of every table, as bytes: what whoever takes a backup holds. */
export async function readDump(pool: Pool): Promise<Buffer> {
  const { rows: columns } = await pool.query<{ schema: string; table: string; column: string; type: string }>(
    `select table_schema as schema, table_name as table, column_name as column, data_type as type
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  );
  const values: Buffer[] = [];
  for (const { schema, table, column, type } of columns) {
    const value = type === 'bytea' ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`;
    const { rows } = await pool.query<{ value: Buffer }>(
      `select ${value} as value from "${schema}"."${table}" where "${column}" is not null`,
    );
    values.push(...rows.map((row) => row.value));
  }
  return Buffer.concat(values);
}

/** The secrets that are in there: as they are, or within something in hexadecimal, base64 or JSON. */
export function findSecrets(haystack: Buffer, secrets: Iterable<string>): string[] {
  return [...secrets].filter((secret) => {
    if (secret.length < 8) throw new Error(`"${secret}" is too short to be looked for.`);
    return listSpellings(secret).some((spelling) => haystack.includes(spelling));
  });
}

function listSpellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Base64 of a part looks otherwise by where it begins: its inner characters for each of the three.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  const urlSafe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), bytes.toString('hex'), ...base64, ...urlSafe])];
}
