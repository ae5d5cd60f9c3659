import { TenonError } from '@tenon/runtime/errors';

/**
 * Splits `github/issues` into its two names; only the first slash divides.
 * @param what what the argument names, for the message, such as `<integration>/<model>`
 * @throws TenonError `usage_invalid`
 */
export function parsePair(text: string, what: string): [string, string] {
  const at = text.indexOf('/');
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new TenonError('usage_invalid', `"${text}" does not name ${what}.`, {
    hint: `Write ${what}, such as ${what.includes('model') ? 'github/Issue' : 'github/issues'}.`,
  });
}
