import { createHash } from 'node:crypto';

/** Bytes of a name in Postgres (NAMEDATALEN - 1); it cuts longer ones, and two may become one. */
const mostBytes = 63;

/** `createdAt` -> `created_at`, `HTMLUrl` -> `html_url`; what else there is stays. */
export function toSnakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[\s-]/g, '_')
    .toLowerCase();
}

/**
 * Gives out names that are each other's in nothing and fit Postgres: a name that is taken gets `_2`, one that is too
 * long is cut and gets a part of its hash.
 */
export function createSqlNames(taken: Iterable<string> = []): (wanted: string) => string {
  const used = new Set(taken);
  return (wanted) => {
    let name = fit(wanted);
    for (let count = 2; used.has(name); count += 1) name = fit(`${wanted}_${count}`);
    used.add(name);
    return name;
  };
}


function fit(wanted: string): string {
  const name = wanted === '' ? '_' : wanted.replaceAll('\0', '');
  if (Buffer.byteLength(name) <= mostBytes) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  let start = name.slice(0, mostBytes);
  while (Buffer.byteLength(start) > mostBytes - 9) start = [...start].slice(0, -1).join('');
  return `${start}_${hash}`;
}

const plain = /^[a-z_][a-z0-9_]*$/;

/** As an identifier in SQL, with quotes where it needs them to stay as it is. Key words are quoted as well. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** For people: without the quotes that it does not need. */
export function showName(name: string): string {
  return plain.test(name) ? name : quoteName(name);
}
