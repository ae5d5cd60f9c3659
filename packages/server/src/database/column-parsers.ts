import { types, type CustomTypesConfig } from 'pg';

/** Object ids of Postgres types (pg_type.dat). */
const bigint = 20;
const bigintArray = 1016;

/**
 * `bigint` columns as numbers: ids, positions and counts stay below 2^53. Set per pool, because pg's global parsers
 * belong to the whole process, other libraries included.
 */
export const readAsNumbers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary' && oid === bigint) return Number;
    if (format !== 'binary' && oid === bigintArray) return readNumbers;
    return types.getTypeParser(oid, format);
  }) as CustomTypesConfig['getTypeParser'],
};

function readNumbers(text: string): number[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(Number);
}
