import type { Provider } from '../provider/provider-schema.ts';
import { readPath } from '../provider/read-path.ts';

/** Whether an answer that looks good tells of an error inside, as the provider declares it. */
export function saysFailure(data: unknown, bodyError: NonNullable<Provider['bodyError']>): boolean {
  const { okPath, errorPath } = bodyError;
  if (okPath !== undefined && readPath(data, okPath) === false) return true;
  return errorPath !== undefined && (readPath(data, errorPath) ?? null) !== null;
}
