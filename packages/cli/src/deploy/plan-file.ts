import { bundleHashSchema, manifestSchema, planSchema } from '@tenon/runtime/contract';
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Another layout gets another number; one that this release does not know is refused. */
export const planFileFormat = 1;

/** What `tenon plan --out` writes: all that a deployment needs, so that exactly what was planned is deployed. */
export const planFileSchema = z.strictObject({
  format: z.literal(planFileFormat),
  plan: planSchema,
  manifest: manifestSchema,
  bundles: z.record(bundleHashSchema, z.string()),
  /** SHA-256 over the rest. */
  checksum: z.string(),
});
export type PlanFile = z.infer<typeof planFileSchema>;

/** Of everything in the file but itself, whatever the order of its keys. */
export function checksumOf(file: Omit<PlanFile, 'checksum'>): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted({ ...file, checksum: undefined })))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
