import { TenonError } from '@tenon/runtime/errors';
import type { RecordSelection } from '../../api-client/resources/records-api.ts';
import { parseTime } from '../parse-time.ts';

export interface SelectionFlags {
  readonly updatedAfter?: string;
  readonly deleted?: boolean;
  readonly id?: readonly string[];
  readonly where?: readonly string[];
}

/**
 * What the flags of a list or an export select.
 * @throws TenonError `usage_invalid`
 */
export function readSelection({ updatedAfter, deleted, id, where }: SelectionFlags): RecordSelection {
  const withComma = id?.find((one) => one.includes(','));
  if (withComma !== undefined) {
    throw new TenonError('usage_invalid', `--id ${withComma}: an id with a comma cannot be one of a list.`, {
      hint: 'Read it with `tenon records get`.',
    });
  }
  return {
    updatedAfter: updatedAfter === undefined ? undefined : parseTime(updatedAfter, '--updated-after'),
    deleted: deleted ? 'include' : undefined,
    ids: id?.join(','),
    where: where && JSON.stringify(Object.fromEntries(where.map(parseCondition))),
  };
}

/** `state=open`, `count=3`; a value that reads as a number, true, false, null or a quoted text is that. */
function parseCondition(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at <= 0) {
    throw new TenonError('usage_invalid', `--where ${text} is not <field>=<value>.`, {
      hint: `Write --where state=open, or --where author.login=ada; a text that looks like a number in quotes: 'n="1"'.`,
    });
  }
  return [text.slice(0, at), readValue(text.slice(at + 1))];
}

function readValue(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? text : value;
  } catch {
    return text;
  }
}
