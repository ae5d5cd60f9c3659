import type { Manifest } from '@tenon/runtime/contract';
import { canonicalJson } from './schema/canonical-json.ts';

/** The part of a manifest that the SDK is made from, as text: equal text means an equal SDK. */
export function contractOf(manifest: Manifest): string {
  const functions = manifest.functions.map((entry) => {
    const { kind, integration, name, description } = entry;
    const named = { kind, integration, name, description };
    if (entry.kind === 'sync')
      return { ...named, models: entry.models.map(({ name: model, schema }) => [model, schema]) };
    const { input, output, errors, timeoutMs } = entry;
    return { ...named, input, output, errors, timeoutMs };
  });
  return canonicalJson({ integrations: manifest.integrations.map(({ name }) => name), functions });
}
