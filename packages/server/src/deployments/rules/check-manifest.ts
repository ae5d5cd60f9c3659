import { TenonError } from '@tenon/runtime/errors';
import type { Manifest } from '@tenon/runtime/contract';
import { manifestRules } from './manifest-rules.ts';

/**
 * Checks what the manifest's schema cannot say.
 * @throws TenonError `definition_invalid` with every problem at once
 */
export function checkManifest(manifest: Manifest): void {
  const problems = manifestRules.flatMap((rule) => rule(manifest));
  if (problems.length === 0) return;
  throw new TenonError(
    'definition_invalid',
    `The manifest is not valid:\n${problems.map(({ message }) => `  ${message}`).join('\n')}`,
    { hint: 'Correct these definitions and deploy again.', details: { problems } },
  );
}
