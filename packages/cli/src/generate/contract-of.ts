import type { Manifest } from '@tenon/runtime/contract';
import { canonicalJson } from './schema/canonical-json.ts';

/** The part of a manifest that the SDK is made from, as text: equal text means an equal SDK. */
export function contractOf(manifest: Manifest): string {
  const functions = manifest.functions.map((entry) => ({
    ...entry,
    source: undefined,
    bundle: undefined,
    ...(entry.kind === 'sync' && {
      schedule: undefined,
      cursor: undefined,
      deletes: undefined,
      settings: undefined,
      timeoutMs: undefined,
    }),
  }));
  return canonicalJson({ integrations: manifest.integrations.map(({ name }) => name), functions });
}
