/** A JSON value as a TypeScript literal type. */
export function literalText(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `readonly [${value.map(literalText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, item]) => `${propertyName(name)}: ${literalText(item)}`);
    return `{ ${fields.join('; ')} }`;
  }
  return JSON.stringify(value) ?? 'unknown';
}

/** A property's name as it is written in a type: quoted unless it is an identifier. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

function quote(text: string): string {
  // JSON's escapes are valid in TypeScript; only the kind of the quotes differs.
  return `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')}'`;
}
