/**
 * The smallest time-ordered id (UUID of version 7, RFC 9562 section 5.7) of a moment: every earlier one is below it.
 * @param atMs Unix time in milliseconds
 */
export function smallestIdAt(atMs: number): string {
  const hex = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
