import { redact, redacted } from '../request/redact.ts';
import { isSecretField } from './secret-fields.ts';

interface TextRedaction {
  readonly secrets: readonly string[];
  readonly redactEmails: boolean;
}

const email = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** Redacts every text in a value of JSON; the value itself stays as it is. */
export function redactTexts(value: unknown, { secrets, redactEmails }: TextRedaction): unknown {
  const people = new Map<string, string>();
  const hidePerson = (address: string): string => {
    const known = people.get(address.toLowerCase());
    if (known !== undefined) return known;
    const made = `person-${people.size + 1}@example.com`;
    people.set(address.toLowerCase(), made);
    return made;
  };
  const redactText = (text: string): string => {
    const safe = redact(text, secrets);
    return redactEmails ? safe.replaceAll(email, hidePerson) : safe;
  };
  const visit = (inner: unknown): unknown => {
    if (typeof inner === 'string') return redactText(inner);
    if (Array.isArray(inner)) return inner.map(visit);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([name, field]) => [
        redactEmails ? name.replaceAll(email, hidePerson) : name,
        isSecretField(name, field) ? redacted : visit(field),
      ]),
    );
  };
  return visit(value);
}
