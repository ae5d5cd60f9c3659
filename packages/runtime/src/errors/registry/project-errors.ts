import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors of finding, loading and validating a user's project (packages/cli/src/project). */
export const projectErrors = defineErrors({
  project_not_found: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'No tenon.config.ts was found in this folder or above it.',
  },
  config_invalid: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'tenon.config.ts does not match its schema, or throws when it is loaded.',
  },
  definition_invalid: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'A script does not export a valid definition as its default export.',
  },
  definition_missing_export: { status: 400, exitCode: exitCodes.validation, when: 'A script has no default export.' },
  definition_duplicate: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'Two scripts of one integration have the same name, or two syncs own the same model.',
  },
  provider_unknown: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'An integration names a provider that is neither in the project nor among the templates.',
  },
  provider_invalid: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'A provider.yaml does not match the provider format.',
  },
});
