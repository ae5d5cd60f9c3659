import type { ScriptRequests } from '../define/script-requests.ts';
import { fillDefaults } from '../provider/field-problems.ts';
import { interpolateUrl } from '../provider/interpolate-url.ts';
import type { Provider } from '../provider/provider-schema.ts';

/**
 * Makes the provider's verification request; a provider without one is taken at its word.
 * @param config what the customer was asked for, where the path of the verification needs it
 * @throws TenonError `provider_unauthorized` when the credentials are refused, and what requests throw
 */
export async function verifyConnection(
  client: ScriptRequests,
  provider: Provider,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (!provider.verification) return;
  const { method, path } = provider.verification;
  const connection = fillDefaults(config, provider.connection);
  // Only a provider that puts errors into a 200 has to be read as JSON; others may answer with anything.
  const responseType = provider.bodyError && method !== 'HEAD' ? 'json' : 'text';
  await client.request(method, interpolateUrl(path, { connection }), { responseType, retry: true });
}
