import { TenonError } from '@tenon/runtime/errors';
import { createHash } from 'node:crypto';
import type { ApiClient } from '../api-client/api-client.ts';

/**
 * Fetches code from the server that has run it.
 * @throws TenonError `bundle_hash_mismatch` when what came is not what its hash says
 */
export async function fetchBundles(
  server: Pick<ApiClient, 'getBundle'>,
  { hashes, signal }: { hashes: readonly string[]; signal: AbortSignal },
): Promise<Map<string, string>> {
  const bundles = new Map<string, string>();
  for (const hash of hashes) {
    const code = await server.getBundle(hash, { signal });
    const actual = createHash('sha256').update(code).digest('hex');
    if (actual !== hash) {
      throw new TenonError('bundle_hash_mismatch', `The server gave code with the SHA-256 ${actual} as ${hash}.`);
    }
    bundles.set(hash, code);
  }
  return bundles;
}
