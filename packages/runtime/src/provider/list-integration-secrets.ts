import { listIntegrationFields } from './list-integration-fields.ts';
import type { Provider } from './provider-schema.ts';

/** The developer's secrets among configured values, for redaction: requests may name them or be signed with them. */
export function listIntegrationSecrets(provider: Provider, integration: Readonly<Record<string, string>>): string[] {
  const fields = listIntegrationFields(provider);
  return Object.entries(integration).flatMap(([name, value]) => (fields[name]?.secret ? [value] : []));
}
