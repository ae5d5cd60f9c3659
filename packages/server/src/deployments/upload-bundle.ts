import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../database/schema.ts';
import { insertBundle } from './storage/insert-bundle.ts';

/** Largest bundle, in bytes of UTF-8. */
export const maxBundleBytes = 5 * 1024 * 1024;

/**
 * Keeps a bundle under the hash of its content.
 * @throws TenonError `bundle_hash_mismatch`, `payload_too_large`
 */
export async function uploadBundle(database: Kysely<Schema>, bundle: { hash: string; code: string }): Promise<void> {
  const bytes = Buffer.from(bundle.code, 'utf8');
  if (bytes.length > maxBundleBytes) {
    throw new TenonError('payload_too_large', `The bundle has ${bytes.length} bytes; the limit is ${maxBundleBytes}.`, {
      hint: 'Import less in the script: a package that is only needed in part, or data that could be requested.',
    });
  }
  // Postgres keeps no NUL in text, and a bundle that esbuild wrote has none.
  if (bundle.code.includes('\0')) throw new TenonError('request_invalid', 'The bundle holds a NUL character.');
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== bundle.hash) {
    throw new TenonError('bundle_hash_mismatch', `The bundle's SHA-256 is ${actual}, not ${bundle.hash}.`, {
      hint: 'Upload the bytes unchanged, as UTF-8, to the address with their own hash.',
    });
  }
  await insertBundle(database, bundle);
}
