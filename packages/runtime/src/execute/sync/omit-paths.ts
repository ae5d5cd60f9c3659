/**
 * A copy of a value without some paths. A path leads through lists to each of their elements.
 * @param paths the keys of each path
 */
export function omitPaths(value: unknown, paths: ReadonlyArray<readonly string[]>): unknown {
  if (paths.length === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => omitPaths(element, paths));
  // A Date, or whatever else writes itself as JSON, has no paths.
  if ('toJSON' in value) return value;
  const gone = new Set(paths.filter((path) => path.length === 1).map(([key]) => key));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, field] of Object.entries(value)) {
    if (gone.has(key)) continue;
    const deeper = paths.filter((path) => path.length > 1 && path[0] === key).map((path) => path.slice(1));
    copy[key] = omitPaths(field, deeper);
  }
  return copy;
}
