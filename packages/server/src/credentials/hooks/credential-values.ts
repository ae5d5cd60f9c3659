import type { Credentials } from '@tenon/runtime/provider';

/** Stored credentials as hooks are given them: flat, by the names of the provider's fields. */
export function credentialValues(credentials: Credentials): Record<string, string> {
  const { mode: _mode, ...rest } = credentials;
  const values = 'values' in rest ? { ...rest.values } : rest;
  const texts = Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return Object.fromEntries(texts) as Record<string, string>;
}
