import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { encodeTextArray } from '../../writing/array-parameters.ts';

/** Takes out of quarantine what is settled: by a valid record with the same id or its deletion, or by name. @returns how many */
export async function clearQuarantined(
  transaction: Kysely<Schema>,
  options: { datasetId: number; goneIds: readonly string[]; settled: readonly number[] },
): Promise<number> {
  const { datasetId, goneIds, settled } = options;
  const { numAffectedRows } = await sql`
    delete from quarantine
    where dataset_id = ${datasetId}::bigint
      and (external_id = any(${encodeTextArray(goneIds)}::text[]) or id = any(${[...settled]}::bigint[]))`.execute(
    transaction,
  );
  return Number(numAffectedRows ?? 0n);
}
