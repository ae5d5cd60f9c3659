/** What JSON.stringify escapes although jsonb cannot hold it; pairs of backslashes are matched too, and stay. */
const unstorable = /\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g;

/**
 * JSON that jsonb takes, of what a script or a provider gave: NUL and halves of surrogate pairs, which a text that was cut
 * off may end with, become U+FFFD. A statement that fails on one of them would leave its run without an end.
 * @returns a note where it is no JSON: the channel of a worker also carries cycles
 */
export function toJsonbText(value: unknown): string {
  let json: string;
  try {
    json =
      JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? String(field) : field)) ?? 'null';
  } catch {
    json = JSON.stringify({ unreadable: 'the data is not JSON' });
  }
  return json.includes('\\u') ? json.replace(unstorable, (match) => (match === '\\\\' ? match : '\ufffd')) : json;
}
