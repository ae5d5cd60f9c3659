import type { ConnectField } from '@tenon/runtime/contract';
import type { Translate } from '../text/text-context.ts';

/** What is wrong with a field's value, for its reader; undefined: nothing. The server checks again. */
export function checkField(field: ConnectField, value: string, text: Translate): string | undefined {
  if (value.trim() === '') {
    if (field.optional) return undefined;
    return text(field.options ? 'problemChoose' : 'problemRequired');
  }
  if (field.options) return field.options.some((option) => option.value === value) ? undefined : text('problemChoose');
  if (field.pattern === undefined || matches(field.pattern, value)) return undefined;
  return field.example === undefined
    ? text('problemPattern')
    : text('problemPatternExample', { example: field.example });
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    // A browser that does not know the pattern's syntax leaves the answer to the server.
    return true;
  }
}
