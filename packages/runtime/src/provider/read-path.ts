/**
 * Reads a dot-separated path such as `data.items` or `results.0.id`; own properties and list indexes only.
 * @returns undefined when a part of the path does not exist
 */
export function readPath(value: unknown, path: string): unknown {
  let current = value;
  for (const part of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = Reflect.get(current, part);
  }
  return current;
}
