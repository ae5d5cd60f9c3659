/** Reads a flag that may be given several times, for commander. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
