import type { ErrorDefinition } from './error-definition.ts';
import { cliErrors } from './registry/cli-errors.ts';
import { compileErrors } from './registry/compile-errors.ts';
import { connectionErrors } from './registry/connection-errors.ts';
import { databaseErrors } from './registry/database-errors.ts';
import { environmentErrors } from './registry/environment-errors.ts';
import { httpErrors } from './registry/http-errors.ts';
import { loginErrors } from './registry/login-errors.ts';
import { projectErrors } from './registry/project-errors.ts';
import { requestErrors } from './registry/request-errors.ts';
import { runErrors } from './registry/run-errors.ts';

/** Every error code of Tenon, by the room that throws it. */
export const errorRegistry = {
  ...projectErrors,
  ...compileErrors,
  ...cliErrors,
  ...httpErrors,
  ...databaseErrors,
  ...requestErrors,
  ...connectionErrors,
  ...loginErrors,
  ...runErrors,
  ...environmentErrors,
} as const;

export type ErrorCode = keyof typeof errorRegistry;

const definitions: Readonly<Record<string, ErrorDefinition>> = errorRegistry;

/** Whether a string that came from elsewhere (an API answer, a child process) is a code that this version knows. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(definitions, code);
}
