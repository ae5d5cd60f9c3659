import { inspect } from 'node:util';
import { TenonError } from '../../errors/tenon-error.ts';
import { canonicalJson } from '../canonical-json.ts';

/** In UTF-16 units. */
const maxLength = 1_000_000;
const excerptLength = 10_000;

/** What a script gave to `save`, as JSON; what JSON cannot carry, or is too long, is shown instead. */
export function quarantineJson(given: unknown): string {
  try {
    const json = canonicalJson(given);
    return json.length <= maxLength ? json : canonicalJson({ truncated: json.slice(0, excerptLength) });
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    return canonicalJson({ unreadable: inspect(given, { depth: 4, maxStringLength: 1_000 }).slice(0, excerptLength) });
  }
}
