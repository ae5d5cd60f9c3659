import type { Message } from 'esbuild';
import { createProblemsError, type ProjectProblem } from '../project/project-problem.ts';

/** Turns what esbuild throws into `bundle_failed` with a place for each message; other errors are returned as they are. */
export function createBundleError(error: unknown): unknown {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) return error;
  const [first, ...rest] = (error.errors as Message[]).map(describeMessage);
  return first === undefined ? error : createProblemsError([first, ...rest]);
}

function describeMessage(message: Message): ProjectProblem {
  const hint = findHint(message);
  return {
    code: 'bundle_failed',
    message: message.text,
    ...(hint !== undefined && { hint }),
    ...(message.location && {
      file: message.location.file.replaceAll('\\', '/'),
      line: message.location.line,
      column: message.location.column + 1,
    }),
  };
}

function findHint(message: Message): string | undefined {
  if (message.text.startsWith('Top-level await')) {
    return 'Scripts are evaluated synchronously: move the await into run().';
  }
  const missing = /^Could not resolve "([^"]+)"/.exec(message.text)?.[1];
  if (missing === undefined) return undefined;
  const isFile = missing.startsWith('.') || missing.startsWith('/');
  return isFile ? 'Correct the path.' : `Add ${packageName(missing)} to package.json and install it.`;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
