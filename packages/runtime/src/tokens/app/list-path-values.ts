import { readPath } from '../../provider/read-path.ts';

/** Reads every value at a path in which `*` stands for each item of a list, such as `installations.*.id`. */
export function listPathValues(value: unknown, path: string): unknown[] {
  const star = path.split('.').indexOf('*');
  if (star === -1) {
    const found = readPath(value, path);
    return found === undefined ? [] : [found];
  }
  const parts = path.split('.');
  const list = star === 0 ? value : readPath(value, parts.slice(0, star).join('.'));
  if (!Array.isArray(list)) return [];
  const rest = parts.slice(star + 1).join('.');
  return rest === '' ? list : list.flatMap((item: unknown) => listPathValues(item, rest));
}
