import { stripVTControlCharacters } from 'node:util';
import { TenonError } from '@tenon/runtime/errors';
import type { ChalkInstance } from 'chalk';

/** An error as `--json` prints it, under the key `error`. */
export interface DescribedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly docs: string;
  readonly details?: Record<string, unknown>;
  readonly stack?: string;
}

/** Where each code is explained: docs/errors.md, which is generated from the registry. */
const docsAddress = 'docs/errors.md';

/** Reads any thrown value; one that is not a TenonError becomes `unexpected`, its stack shown only when asked for. */
export function describeError(error: unknown, options: { isVerbose: boolean }): DescribedError {
  const known = toTenonError(error);
  const stack = options.isVerbose ? collectStacks(error) : undefined;
  return {
    code: known.code,
    message: known.message,
    ...(known.hint !== undefined && { hint: known.hint }),
    docs: `${docsAddress}#${known.code}`,
    ...(known.details !== undefined && { details: known.details }),
    ...(stack !== undefined && { stack }),
  };
}

/** One screen: what failed, what to do, how to look it up. */
export function formatErrorForHumans(error: DescribedError, colors: ChalkInstance): string {
  const lines = [`${colors.red.bold('error')} ${error.message}`];
  const declared = error.code === 'action_failed' ? error.details?.['error'] : undefined;
  if (typeof declared === 'string') {
    const payload = JSON.stringify(error.details?.['payload']);
    lines.push(stripVTControlCharacters(`      ${declared} ${payload}`));
  }
  if (error.hint !== undefined) lines.push(`${colors.cyan('hint')}  ${error.hint}`);
  lines.push(colors.dim(`code  ${error.code}  (${error.docs})`));
  if (error.stack !== undefined) lines.push('', colors.dim(error.stack));
  return `${lines.join('\n')}\n`;
}

/** The error that a thrown value counts as. */
export function toTenonError(error: unknown): TenonError {
  if (error instanceof TenonError) return error;
  // @inquirer/prompts rejects with this on Ctrl+C.
  if (error instanceof Error && error.name === 'ExitPromptError') {
    return new TenonError('interrupted', 'Interrupted.', { cause: error });
  }
  return new TenonError('unexpected', error instanceof Error ? error.message : String(error), {
    hint: 'This is a bug in Tenon. Run the command again with --verbose and report what it prints.',
    cause: error,
  });
}

function collectStacks(error: unknown): string {
  const stacks: string[] = [];
  // Causes can be circular; ten of them tell enough.
  for (let current = error; current !== undefined && stacks.length < 10;) {
    stacks.push(current instanceof Error ? (current.stack ?? current.message) : String(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  return stacks.join('\ncaused by ');
}
