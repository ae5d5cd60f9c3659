/** Every column that holds envelopes, and the column that its envelopes are bound to. A column that is missing here stays on an old key. */
export const sealedColumns = [
  { table: 'connections', column: 'credentials', row: 'id' },
  { table: 'connections', column: 'token', row: 'id' },
  { table: 'variables', column: 'value', row: 'id' },
  { table: 'connect_attempts', column: 'pending', row: 'row_id' },
  { table: 'webhook_endpoints', column: 'secret', row: 'id' },
  { table: 'webhook_endpoints', column: 'previous_secret', row: 'id' },
  { table: 'run_captures', column: 'capture', row: 'id' },
] as const;

export type SealedColumn = (typeof sealedColumns)[number];
