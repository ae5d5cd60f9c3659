import { TenonError } from '@tenon/runtime/errors';
import { readJsonFlag } from './read-json-flag.ts';

/**
 * The JSON object that a flag gives, as text or as @file; undefined when it was left out.
 * @throws TenonError `usage_invalid` for anything else
 */
export async function readObjectFlag(
  text: string | undefined,
  flag: string,
  options: { cwd: string },
): Promise<Record<string, unknown> | undefined> {
  if (text === undefined) return undefined;
  const value = await readJsonFlag(text, flag, options);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TenonError('usage_invalid', `${flag} has to be a JSON object.`);
}
