import type { Connected } from '@tenon/runtime/contract';
import { takeSecrets } from '../credentials/take-secrets.ts';
import { storeConnection } from '../credentials/store-connection.ts';
import { tryCredentials } from '../credentials/try-credentials.ts';
import { checkChoice, type Chosen } from './choice.ts';
import type { ConnectContext } from './connect-context.ts';
import { toCustomerError } from './customer-error.ts';
import type { ConnectSessionOwner } from './sessions/find-session.ts';
import { toCredentials } from './to-credentials.ts';

/**
 * Connects with what a customer filled into the form; the provider is asked whether it is good.
 * @throws TenonError `credentials_invalid` with every field, `provider_unauthorized`, `integration_misconfigured`,
 *   `not_found`, and what else providers fail with
 */
export async function submitConnection(
  context: ConnectContext,
  session: ConnectSessionOwner,
  { chosen, signal }: { chosen: Chosen; signal: AbortSignal },
): Promise<Connected> {
  const choice = await checkChoice(context, session, { chosen, flow: 'form' });
  const { environmentId, integration, provider, manifest, name, config } = choice;
  try {
    const { connections } = context;
    const nowMs = connections.now();
    const given = takeSecrets(provider, { credentials: toCredentials(provider, choice.values), nowMs });
    const values = await connections.integrations.resolve({ environmentId, manifest, integration, provider });
    const trial = { environmentId, provider, ...given, config, integration: values, signal };
    const { token, captured } = await tryCredentials(connections, trial);
    await storeConnection(
      connections,
      {
        environmentId,
        integration,
        name,
        provider,
        credentials: given.credentials,
        token,
        config,
        captured,
        settings: choice.settings,
        metadata: session.request.defaults[integration]?.metadata,
        endUser: session.request.endUser,
        mustExist: session.request.reconnect !== undefined,
      },
      { manifest },
    );
  } catch (error) {
    throw toCustomerError(error, { displayName: provider.displayName, integration, flow: 'form', log: context.log });
  }
  return { integration, connection: name };
}
