import { fillDefaults } from '../provider/field-problems.ts';
import { interpolate, type InterpolationValues } from '../provider/interpolate.ts';
import { interpolateUrl } from '../provider/interpolate-url.ts';
import { createProviderClient, type ProviderClientOptions } from './provider-client.ts';

/** Fills every text of a JSON value. */
function fillTexts(value: unknown, values: InterpolationValues): unknown {
  if (typeof value === 'string') return interpolate(value, values);
  if (Array.isArray(value)) return value.map((item) => fillTexts(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillTexts(inner, values)]));
}

/**
 * Makes the provider's verification request; a provider without one is taken at its word.
 * @param options of the client that requests of the connection go through
 * @throws TenonError `provider_unauthorized` when the credentials are refused, and what requests throw
 */
export async function verifyConnection(options: ProviderClientOptions): Promise<void> {
  const { provider, connection, integration = {} } = options;
  if (!provider.verification) return;
  const { method, path, body, baseUrl = provider.baseUrl } = provider.verification;
  const values = {
    connection: fillDefaults(connection.config, provider.connection),
    credential: options.credential().fields,
    integration,
  };
  const client = createProviderClient({ ...options, provider: { ...provider, baseUrl } });
  // Only a provider that puts errors into a 200 has to be read as JSON; others may answer with anything.
  const responseType = provider.bodyError && method !== 'HEAD' ? 'json' : 'text';
  await client.request(method, interpolateUrl(path, values), {
    responseType,
    retry: true,
    ...(body === undefined ? {} : { body: fillTexts(body, values) }),
  });
}
