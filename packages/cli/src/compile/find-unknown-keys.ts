/** Says which keys an option has that it does not know, for a misspelt one would be left out without a word. */
export function findUnknownKeys(
  option: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string | undefined {
  const unknown = Object.keys(option).filter((key) => !known.includes(key));
  if (unknown.length === 0) return undefined;
  return `It has no ${unknown.map((key) => `"${key}"`).join(', ')}; there is ${known.join(', ')}.`;
}
