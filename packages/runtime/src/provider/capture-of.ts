import type { Capture } from './auth/capture.ts';
import type { ProviderAuth } from './auth/provider-auth.ts';

/** What connecting tells about the account; empty for modes that tell nothing. */
export function captureOf(auth: ProviderAuth): Capture {
  return 'capture' in auth ? auth.capture : {};
}
