import type { ActionManifest } from '@tenon/runtime/contract';
import { describeSchema } from './describe-schema.ts';
import type { Reporter } from './problem-reporter.ts';
import { isObject } from './read-definition.ts';

const code = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** Reads the errors that an action tells its callers: the shape of each one's payload, by code. */
export function describeErrors(errors: unknown, reporter: Reporter): ActionManifest['errors'] {
  if (errors === undefined) return {};
  if (!isObject(errors)) {
    reporter.report('errors has the payloads of errors by their codes.', {
      at: ['errors'],
      hint: 'Write `errors: { not_allowed: z.object({ plan: z.string() }) }`.',
    });
    return {};
  }
  return Object.fromEntries(
    Object.entries(errors).flatMap(([name, schema]) => {
      const at = ['errors', name];
      if (!code.test(name)) {
        reporter.report(`"${name}" is no code of an error.`, {
          at,
          hint: 'Write lower-case words joined by underscores, such as not_allowed.',
        });
        return [];
      }
      const described = reporter.attempt(at, () => describeSchema(schema, 'output'));
      return described === undefined ? [] : [[name, described]];
    }),
  );
}
