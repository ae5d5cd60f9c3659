import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors of environments and previews (packages/server/src/environments). */
export const environmentErrors = defineErrors({
  preview_unknown: {
    status: 404,
    exitCode: exitCodes.validation,
    when: 'The environment of the API key has no preview of this name (any more); the hint names those that it has.',
  },
  preview_write_blocked: {
    status: 403,
    exitCode: exitCodes.validation,
    when: 'A script in a preview asked for a request that may change something at a provider, and the preview was made without --allow-writes. Nothing was sent.',
  },
  connection_borrowed: {
    status: 409,
    exitCode: exitCodes.validation,
    when: 'The connection is borrowed from the parent of the preview: its credentials can only be replaced there.',
  },
});
