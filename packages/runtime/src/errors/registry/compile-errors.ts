import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors of type-checking and bundling (packages/cli/src/compile). */
export const compileErrors = defineErrors({
  types_failed: {
    status: 400,
    exitCode: exitCodes.compile,
    when: 'The project does not pass the TypeScript type check.',
  },
  bundle_failed: { status: 400, exitCode: exitCodes.compile, when: 'esbuild cannot bundle a script.' },
  lint_failed: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'A lint of `tenon check` found an error in the project, or more warnings than are allowed (docs/lints.md).',
  },
  native_module: {
    status: 400,
    exitCode: exitCodes.compile,
    when: 'A script imports an npm package with a native addon, which cannot be bundled.',
  },
});
