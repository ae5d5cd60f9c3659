import { fillDefaults } from '../provider/field-problems.ts';
import type { InterpolationValues } from '../provider/interpolate.ts';
import { interpolateUrl } from '../provider/interpolate-url.ts';
import { listIntegrationFields } from '../provider/list-integration-fields.ts';
import { parseBaseAddress } from '../request/address.ts';
import type { TokenContext } from './token-context.ts';

/** What the templates of an exchange may name: the context's values, with declared defaults filled in. */
export function exchangeValues(
  { provider, config, integration }: TokenContext,
  credential: Readonly<Record<string, string>> = {},
): Required<Pick<InterpolationValues, 'connection' | 'integration' | 'credential'>> {
  return {
    connection: fillDefaults(config, provider.connection),
    integration: fillDefaults(integration, listIntegrationFields(provider)),
    credential,
  };
}

/**
 * Fills the template of an endpoint's address.
 * @throws TenonError `interpolation_failed` for a missing value, and for what is no http(s) address then
 */
export function endpointUrl(template: string, values: InterpolationValues): URL {
  const filled = interpolateUrl(template, values);
  parseBaseAddress(filled);
  return new URL(filled);
}
