import { encodeComponent } from './encode-component.ts';

/**
 * The one place that takes secrets out of what people read: errors, logs, recordings. Two layers: the values that
 * this run knows to be secret, in each spelling that they travel in, and names that usually carry secrets.
 */
export const redacted = '[redacted]';

/** Shorter values are no secrets worth the name, and replacing each "x" would leave no readable text. */
const shortestSecret = 4;

/** Names that only look like secrets: positions in a list. */
const harmlessName = /^(next|page|nextpage|prev|previous|cursor|sync|continuation|sort|group|start|end)/;
const sensitiveEnding =
  /(authorization|cookie|token|key|keyid|secret|signature|password|passwd|pwd|credentials?|assertion|jwt|session|sessionid)$/;

/** Whether a header, parameter or field of this name usually carries a secret. */
export function isSensitiveName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain === 'sig' || plain === 'auth' || (sensitiveEnding.test(plain) && !harmlessName.test(plain));
}

function listSpellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, json, encodeComponent(secret), Buffer.from(secret).toString('base64')];
}

function redactText(text: string, secrets: readonly string[]): string {
  let result = text;
  const spellings = new Set(secrets.filter((secret) => secret.length >= shortestSecret).flatMap(listSpellings));
  // Longest first: a secret may be the beginning of another one.
  for (const spelling of [...spellings].sort((a, b) => b.length - a.length)) {
    result = result.replaceAll(spelling, redacted);
  }
  return result
    .replaceAll(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${redacted}`)
    .replaceAll(/([?&;]|^)([^=&?#;\s"'<>]+)=([^&#;\s"'<>]+)/g, (whole, before: string, name: string) =>
      isSensitiveName(name) ? `${before}${name}=${redacted}` : whole,
    )
    .replaceAll(/"([\w.-]+)"(\s*:\s*)"(?:[^"\\]|\\.)*("|$)/g, (whole, name: string, colon: string) =>
      isSensitiveName(name) ? `"${name}"${colon}"${redacted}"` : whole,
    );
}

/**
 * Takes secrets out of a text (an address, a path, a body, a message) or out of headers.
 * @param secrets values of this run that must not be shown; those under four characters are left to the names
 */
export function redact(value: string, secrets: readonly string[]): string;
export function redact(value: Readonly<Record<string, string>>, secrets: readonly string[]): Record<string, string>;
export function redact(
  value: string | Readonly<Record<string, string>>,
  secrets: readonly string[],
): string | Record<string, string> {
  if (typeof value === 'string') return redactText(value, secrets);
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name, isSensitiveName(name) ? redacted : redactText(text, secrets)]),
  );
}
