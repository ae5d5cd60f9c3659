import { z } from 'zod';

/** The lints of `tenon check`. What each is about: docs/lints.md. */
export const lintRuleNames = [
  'missing-await',
  'unordered-cursor',
  'cursor-with-offset',
  'swallowed-error',
  'volatile-field',
  'unbounded-loop',
  'hand-written-pagination',
  'secret-in-source',
  'direct-request',
  'ignore-comment',
] as const;

export type LintRuleName = (typeof lintRuleNames)[number];
export type LintSeverity = 'error' | 'warning';

const setting = z.enum(['off', 'warning', 'error']).optional();
const shape = Object.fromEntries(lintRuleNames.map((name) => [name, setting])) as Record<LintRuleName, typeof setting>;

/** `check` of tenon.config.ts. */
export const checkConfigSchema = z.strictObject({
  rules: z
    .strictObject(shape, {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `there is no rule ${(issue.keys as string[]).map((key) => `"${key}"`).join(', ')}; the rules are ${lintRuleNames.join(', ')}`
          : undefined,
    })
    .prefault({})
    .describe('Turns a lint off, or says whether what it finds is a warning or an error.'),
});
