import { TenonError } from '@tenon/runtime/errors';

/**
 * Reads headers of the form `name=value` or `name: value`.
 * @throws TenonError `usage_invalid`
 */
export function readEventHeaders(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([\w!#$%&'*+.^`|~-]+)\s*[=:]\s?(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        throw new TenonError('usage_invalid', `--header "${text}" is no header.`, {
          hint: 'Write --header x-github-event=issues.',
        });
      }
      return [name.toLowerCase(), value];
    }),
  );
}
