/**
 * Applies a patch to a stored value: objects are merged at every depth, all else (lists, dates, null too) replaces what
 * was there. `undefined` leaves it as it is.
 */
export function mergePatch(stored: unknown, patch: unknown): unknown {
  if (patch === undefined) return stored;
  if (!isPlainObject(patch)) return patch;
  const merged: Record<string, unknown> = {};
  const base = isPlainObject(stored) ? stored : {};
  for (const key of Object.keys(base)) setOwn(merged, key, base[key]);
  for (const key of Object.keys(patch)) {
    if (patch[key] === undefined) continue;
    setOwn(merged, key, mergePatch(Object.hasOwn(base, key) ? base[key] : undefined, patch[key]));
  }
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** A plain assignment to `__proto__` would set the prototype. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
