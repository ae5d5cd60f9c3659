import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import { requireMode } from '../require-mode.ts';
import type { AuthorizationStart, StartedAuthorization } from '../token-context.ts';

/** Makes the address where the customer installs the app. The address to return to is registered with the app. */
export async function beginInstallation(start: AuthorizationStart): Promise<StartedAuthorization> {
  const auth = requireMode(start.provider, 'app');
  const url = endpointUrl(auth.installUrl, exchangeValues(start));
  for (const [name, value] of Object.entries(start.authorizationParameters ?? {})) url.searchParams.set(name, value);
  url.searchParams.set(auth.stateParameter, start.state);
  return { url: url.href, pending: {} };
}
