import type { ActionManifest } from '@tenon/runtime/contract';
import { describeErrors } from './describe-errors.ts';
import { describeSchema } from './describe-schema.ts';
import { describeRename } from './describe-rename.ts';
import { describeTimeout } from './describe-timeout.ts';
import type { Reporter } from './problem-reporter.ts';
import type { RawOptions } from './read-definition.ts';

type FunctionBase = Pick<ActionManifest, 'integration' | 'name' | 'source' | 'bundle'>;

const defaultTimeoutMs = 60_000;

/** Reads and checks the options of an action. What is returned is to be used only when nothing was reported. */
export function describeAction(
  base: FunctionBase,
  { options, reporter }: { options: RawOptions; reporter: Reporter },
): ActionManifest {
  return {
    kind: 'action',
    ...base,
    ...(typeof options['description'] === 'string' && { description: options['description'] }),
    ...describeRename(options['renamedFrom'], reporter),
    input: reporter.attempt(['input'], () => describeSchema(options['input'], 'input')) ?? {},
    output: reporter.attempt(['output'], () => describeSchema(options['output'], 'output')) ?? {},
    errors: describeErrors(options['errors'], reporter),
    timeoutMs:
      reporter.attempt(['timeout'], () => describeTimeout(options['timeout'], defaultTimeoutMs)) ?? defaultTimeoutMs,
  };
}
