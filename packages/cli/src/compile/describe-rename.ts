import { nameSchema } from '@tenon/runtime/contract';
import type { Reporter } from './problem-reporter.ts';

/** Reads what a function was called before. That the old name is free is checked over all functions, by the server. */
export function describeRename(given: unknown, reporter: Reporter): { renamedFrom?: string } {
  if (given === undefined) return {};
  const parsed = nameSchema.safeParse(given);
  if (parsed.success) return { renamedFrom: parsed.data };
  reporter.report('renamedFrom is not a name.', {
    at: ['renamedFrom'],
    hint: "Write the old name as the file was called, such as renamedFrom: 'issues'.",
  });
  return {};
}
