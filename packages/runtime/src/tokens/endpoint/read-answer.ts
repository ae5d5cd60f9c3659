/** What a token endpoint said, or why that cannot be read. */
export type ReadAnswer =
  { readonly kind: 'values'; readonly values: object } | { readonly kind: 'unreadable'; readonly problem: string };

const formKeys = /^(?:[^=&\s]+=[^&\s]*)(?:&[^=&\s]+=[^&\s]*)*$/;

/**
 * Reads an answer as JSON, whatever its type says: some providers call it text/html. What came before JSON did
 * (RFC 6749's early drafts, and GitHub without an Accept header) is a form.
 */
export function readAnswer(body: Buffer, contentType: string | undefined): ReadAnswer {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? 'no content type';
  const text = body
    .toString('utf8')
    .replace(/^\u{FEFF}/u, '')
    .trim();
  if (text === '') return { kind: 'unreadable', problem: 'an empty body' };
  if (type === 'application/x-www-form-urlencoded' || (type === 'text/plain' && formKeys.test(text))) {
    return { kind: 'values', values: Object.fromEntries(new URLSearchParams(text)) };
  }
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null) return { kind: 'values', values };
    return { kind: 'unreadable', problem: `a JSON ${values === null ? 'null' : typeof values}` };
  } catch {
    return { kind: 'unreadable', problem: `${type} that is no JSON` };
  }
}
