/**
 * A value is what anybody sends, and some expressions take time that grows with the square of its length. The longest
 * host name has 253 characters, and the longest key known some 2,000; certificates and JSON files have more.
 */
const longest = { line: 4_096, multiline: 65_536 };

/** The expression of a pattern, which holds for the whole value. */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'u');
}

/** Whether a value has the form that a provider declares; any will do where it declares none. */
export function matchesPattern(
  value: string,
  { pattern, multiline = false }: { readonly pattern?: string | undefined; readonly multiline?: boolean },
): boolean {
  if (pattern === undefined) return true;
  return value.length <= longest[multiline ? 'multiline' : 'line'] && compilePattern(pattern).test(value);
}
