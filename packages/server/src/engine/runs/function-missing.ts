import { TenonError } from '@tenon/runtime/errors';
import type { LoadedManifest } from './manifests.ts';

/** The `not_found` of a sync or action, with what the active version has instead. */
export function functionMissing(
  { manifest }: Pick<LoadedManifest, 'manifest'>,
  wanted: { kind: 'sync' | 'action'; integration: string; name: string },
): TenonError {
  const { kind, integration, name } = wanted;
  return new TenonError('not_found', `There is no ${kind} ${name} of ${integration}.`, {
    hint: `${describePresent(manifest, integration)} What is missing has to be deployed: \`tenon deploy\`.`,
    // Callers that try one kind after the other tell this from a connection that is missing.
    details: { missing: kind },
  });
}

function describePresent(manifest: LoadedManifest['manifest'], integration: string): string {
  const integrations = manifest.integrations.map((one) => one.name).sort();
  if (!integrations.includes(integration)) {
    return integrations.length === 0
      ? 'The active version has no integration.'
      : `The active version has the integrations ${integrations.join(', ')}.`;
  }
  const namesOf = (kind: string): string =>
    manifest.functions
      .filter((one) => one.integration === integration && one.kind === kind)
      .map((one) => one.name)
      .sort()
      .join(', ') || 'none';
  return `Syncs of ${integration}: ${namesOf('sync')}; actions: ${namesOf('action')}.`;
}
