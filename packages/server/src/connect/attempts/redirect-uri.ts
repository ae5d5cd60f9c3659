import type { Provider } from '@tenon/runtime/provider';
import { callbackPath } from '../../integrations/describe-integrations.ts';

/** Where the provider sends the browser back to. OAuth 1.0a has no state, so the address carries it (RFC 5849 section 2.1). */
export function redirectUriOf({ auth }: Provider, { publicUrl, state }: { publicUrl: string; state: string }): string {
  const uri = publicUrl + callbackPath;
  return auth.mode === 'oauth1' ? `${uri}?state=${state}` : uri;
}
