import type { ActionErrors } from '../define/define-action.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { describeIssues } from './describe-issues.ts';

/**
 * Makes the error by which an action tells its caller what went wrong: `action_failed`, with the action's own code and
 * payload in `details`. A payload that is not what the action declares is the script's mistake: `output_invalid`.
 */
export function createActionError(
  { errors = {} }: { readonly errors?: ActionErrors | undefined },
  { code, payload, message }: { code: string; payload: unknown; message?: string | undefined },
): TenonError {
  const schema = Object.hasOwn(errors, code) ? errors[code] : undefined;
  if (!schema) {
    return new TenonError('output_invalid', `The action does not declare an error "${code}".`, {
      hint: `It declares ${Object.keys(errors).join(', ') || 'none'}. Add it to \`errors\`.`,
    });
  }
  const parsed = schema.safeParse(payload);
  if (parsed.success) {
    return new TenonError('action_failed', message ?? `The action ended with ${code}.`, {
      details: { error: code, payload: parsed.data },
    });
  }
  const issues = describeIssues(parsed.error);
  return new TenonError('output_invalid', `The payload of ${code} is not what the action declares: ${issues.text}.`, {
    hint: 'Compare the payload with the schema under `errors`.',
    details: { problems: issues.problems },
  });
}
