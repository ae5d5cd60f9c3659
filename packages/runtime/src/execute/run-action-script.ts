import type { ActionDefinition } from '../define/define-action.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { createActionError } from './create-action-error.ts';
import { canonicalJson } from './canonical-json.ts';
import { describeIssues } from './describe-issues.ts';
import { createScriptContext } from './script-context.ts';
import type { ActionEnvironment } from './script-environment.ts';
import { untilAborted } from './until-aborted.ts';

/** In UTF-16 units of its JSON. */
const maxOutputLength = 10_000_000;

/**
 * Runs an action once.
 * @returns the output as its schema reads it, as plain JSON
 * @throws TenonError `input_invalid`, `output_invalid`; the signal's reason after an abort; whatever the script throws
 */
export async function runActionScript(
  definition: ActionDefinition,
  environment: ActionEnvironment,
): Promise<{ output: unknown }> {
  const { options } = definition;
  const input = await options.input.safeParseAsync(environment.input);
  if (!input.success) {
    const issues = describeIssues(input.error);
    throw new TenonError('input_invalid', `The input is not what the action declares: ${issues.text}.`, {
      hint: 'Compare the input with the `input` schema of the action.',
      details: { problems: issues.problems },
    });
  }
  const context = {
    ...createScriptContext(environment),
    input: input.data,
    error: (code: string, payload: unknown, message?: string) => createActionError(options, { code, payload, message }),
  };
  return untilAborted(environment.signal, async () => {
    const output = await options.output.safeParseAsync(await options.run(context));
    if (output.success) return { output: toPlainJson(output.data) };
    const issues = describeIssues(output.error);
    throw new TenonError('output_invalid', `The output is not what the action declares: ${issues.text}.`, {
      hint: 'Compare what `run` returns with the `output` schema of the action.',
      details: { problems: issues.problems },
    });
  });
}

function toPlainJson(output: unknown): unknown {
  if (output === undefined) return undefined;
  let json: string;
  try {
    json = canonicalJson(output);
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    throw new TenonError('output_invalid', `The output is not JSON: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint.replace('saving', 'returning it') }),
      ...(error.details === undefined ? {} : { details: error.details }),
    });
  }
  if (json.length > maxOutputLength) {
    throw new TenonError(
      'output_invalid',
      `The output has ${json.length} characters; the limit is ${maxOutputLength}.`,
      {
        hint: 'Return less, or save it as records of a sync.',
      },
    );
  }
  return JSON.parse(json);
}
