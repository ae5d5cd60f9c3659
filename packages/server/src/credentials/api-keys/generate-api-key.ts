import { generateSecret } from '../random-secret.ts';

/** A new API key; secret scanners can find it by its prefix. */
export function generateApiKey(): string {
  return `tnn_${generateSecret()}`;
}
