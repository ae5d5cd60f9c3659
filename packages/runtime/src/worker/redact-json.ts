import { redacted } from '../request/redact.ts';

/** A value of JSON without its secrets. Where a secret is no text (a number), nothing but the redaction is left. */
export function redactJson<Value>(value: Value, redactText: (text: string) => string): Value | typeof redacted {
  const json = JSON.stringify(value);
  if (json === undefined) return value;
  try {
    return JSON.parse(redactText(json)) as Value;
  } catch {
    return redacted;
  }
}
