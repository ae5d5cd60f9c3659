import { TenonError } from '@tenon/runtime/errors';

export function versionMissing(version: number): TenonError {
  return new TenonError('not_found', `There is no version ${version} in this environment.`, {
    hint: 'List the versions with `tenon versions` (GET /v1/deployments).',
  });
}
