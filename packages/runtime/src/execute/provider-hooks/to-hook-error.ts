import type { z } from 'zod';
import type { ProviderHookName } from '../../contract/names.ts';
import type { ErrorCode } from '../../errors/registry.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import { describeIssues } from '../describe-issues.ts';

/** What a hook says on purpose, or what its requests failed with: these are judged as those of the engine are. */
const codesOfHooks: ReadonlySet<string> = new Set<ErrorCode>([
  'hook_failed',
  'provider_unauthorized',
  'provider_unreachable',
  'provider_error',
  'provider_rate_limited',
  'provider_timeout',
  'provider_answer_invalid',
  'provider_answer_too_large',
  'provider_address_refused',
  'integration_misconfigured',
]);

/** Whether a hook may fail with this code; the server asks it too, since it does not trust the process of the hook. */
export function isHookErrorCode(code: string): code is ErrorCode {
  return codesOfHooks.has(code);
}

export interface HookPlace {
  readonly hook: ProviderHookName;
  /** The provider's display name. */
  readonly provider: string;
}

const longestReason = 500;

function readReason(error: unknown): string {
  const text = error instanceof Error ? error.message : `it threw a ${typeof error} that is not an Error`;
  return text.slice(0, longestReason);
}

/** What a hook threw. Anything that it did not mean as a refusal is a fault of the hook, and no customer's. */
export function toHookError(error: unknown, { hook, provider }: HookPlace): TenonError {
  if (error instanceof TenonError && isHookErrorCode(error.code)) return error;
  const failure = new TenonError('hook_failed', `The hook ${hook} of ${provider} failed: ${readReason(error)}`, {
    hint: "Correct the provider's hooks. Throw refuseCredentials(...) where the provider refuses the customer.",
    cause: error,
  });
  // Where it was thrown, and not where it was wrapped.
  if (error instanceof Error && typeof error.stack === 'string') failure.stack = error.stack;
  return failure;
}

/**
 * Reads what a hook answered.
 * @throws TenonError `hook_failed` with what was expected; values are not shown, as they may be secret
 */
export function readHookResult<Schema extends z.ZodType>(
  schema: Schema,
  result: unknown,
  { hook, provider }: HookPlace,
): z.output<Schema> {
  const parsed = schema.safeParse(result);
  if (parsed.success) return parsed.data;
  const { text, problems } = describeIssues(parsed.error);
  throw new TenonError('hook_failed', `The hook ${hook} of ${provider} answered with something else: ${text}.`, {
    hint: 'The types of defineProviderHooks say what each hook answers with.',
    details: { hook, problems },
  });
}
