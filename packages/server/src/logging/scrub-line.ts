const hidden = '[redacted]';

/** Names of what travels in addresses, forms and JSON and opens something. Not `code` and `state` in JSON: those are ours, of errors and connections. */
const names =
  'access_?token|refresh_?token|id_?token|session_?token|token|client_?secret|secret|api_?key|private_?key|password|passphrase|code_?verifier|client_?assertion|assertion|authorization|proxy-authorization|cookie|set-cookie|credentials?|oauth_signature|signature|jwt';

const patterns: readonly (readonly [RegExp, string])[] = [
  // Tenon's own: API keys, connect sessions, webhook secrets.
  [/\b(tnn|tns|tcs|whsec)_[\w+/=-]{8,}/g, `$1_${hidden}`],
  [/\b(Bearer|Basic|Digest|OAuth|AWS4-HMAC-SHA256)\s+[^\s"\\,]{6,}/gi, `$1 ${hidden}`],
  [new RegExp(`\\b(${names}|code|state)=[^&\\s"'\\\\#;,]+`, 'gi'), `$1=${hidden}`],
  // JSON, also JSON within a text of JSON, whose quotes carry backslashes.
  [new RegExp(`(\\\\*")(${names})(\\\\*"\\s*:\\s*)(\\\\*")(?:(?!\\4).)*`, 'gi'), `$1$2$3$4${hidden}`],
  // A user and password before the host of an address.
  [/(\w+:\/\/)[^\s/"\\@]+@/g, `$1${hidden}@`],
];

/** Takes out of a line what looks like a secret, by its form or by the name before it. The last resort: nothing is meant to log one. */
export function scrubLine(line: string): string {
  let scrubbed = line;
  for (const [pattern, replacement] of patterns) scrubbed = scrubbed.replaceAll(pattern, replacement);
  return scrubbed;
}
