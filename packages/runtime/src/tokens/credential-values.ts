import type { Credentials } from '../provider/credential.ts';

/** What the customer gave, by field; empty for modes that ask for nothing. */
export function credentialValues(credentials: Credentials): Readonly<Record<string, string>> {
  return 'values' in credentials ? credentials.values : {};
}
