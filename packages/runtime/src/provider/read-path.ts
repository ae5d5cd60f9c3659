/**
 * Reads a dot-separated path such as `data.items` or `results.0.id`; own properties and list indexes only. A name may
 * have dots of its own at the end of the path: OData's `@odata.nextLink`.
 * @returns undefined when a part of the path does not exist
 */
export function readPath(value: unknown, path: string): unknown {
  let current = value;
  let rest = path;
  while (typeof current === 'object' && current !== null) {
    if (Object.hasOwn(current, rest)) return Reflect.get(current, rest);
    const dot = rest.indexOf('.');
    if (dot === -1) return undefined;
    const part = rest.slice(0, dot);
    if (!Object.hasOwn(current, part)) return undefined;
    current = Reflect.get(current, part);
    rest = rest.slice(dot + 1);
  }
  return undefined;
}
