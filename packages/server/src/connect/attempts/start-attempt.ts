import { randomUUID } from 'node:crypto';
import type { ConnectAttempt } from '@tenon/runtime/contract';
import { checkChoice, type Choice, type Chosen } from '../choice.ts';
import type { ConnectContext } from '../connect-context.ts';
import { toCustomerError } from '../customer-error.ts';
import { generateSecret, hashSecret } from '../../credentials/random-secret.ts';
import type { ConnectSessionOwner } from '../sessions/find-session.ts';
import { insertAttempt } from '../storage/insert-attempt.ts';
import { reserveAttemptRow } from '../storage/reserve-attempt-row.ts';
import { sealStarted } from './pending-authorization.ts';
import { redirectUriOf } from './redirect-uri.ts';

/** How long a customer may take at the provider. */
const attemptLifetimeMs = 15 * 60_000;

/** A provider that takes longer to be discovered, or to give a request token, is as good as down. */
const deadlineMs = 20_000;

export interface StartedAttempt {
  readonly attempt: ConnectAttempt;
  /** For the cookie of the browser that is sent away: only this one may come back. */
  readonly browserSecret: string;
}

/**
 * Prepares to send a customer's browser to the provider. The state is known to the provider's address alone, the
 * browser's secret to its cookie alone; the database has hashes of both.
 * @throws TenonError `not_found`, `credentials_invalid`, `integration_misconfigured`, and what providers fail with
 */
export async function startAttempt(
  context: ConnectContext,
  session: ConnectSessionOwner,
  { chosen, signal }: { chosen: Chosen; signal: AbortSignal },
): Promise<StartedAttempt> {
  const { connections } = context;
  const choice = await checkChoice(context, session, { chosen, flow: 'redirect' });
  const { environmentId, integration, provider, manifest, config } = choice;
  const { scopes, authorizationParameters } = whatIsAskedFor(session, choice);
  const state = generateSecret();
  const browserSecret = generateSecret();
  try {
    const started = await connections.access.beginAuthorization({
      provider,
      config,
      integration: await connections.integrations.resolve({ environmentId, manifest, integration, provider }),
      redirectUri: redirectUriOf(provider, { publicUrl: connections.publicUrl(), state }),
      state,
      scopes,
      authorizationParameters,
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
    });
    const id = randomUUID();
    const rowId = await reserveAttemptRow(connections.database);
    const createdAt = new Date(connections.now());
    const expiresAt = new Date(createdAt.getTime() + attemptLifetimeMs);
    await insertAttempt(connections.database, {
      id,
      rowId,
      sessionId: session.id,
      environmentId,
      integration,
      connection: choice.name,
      config,
      settings: choice.settings ?? null,
      stateHash: hashSecret(state),
      browserHash: hashSecret(browserSecret),
      pending: sealStarted(started, { keyring: connections.keyring, rowId }),
      createdAt,
      expiresAt,
    });
    return {
      attempt: {
        id,
        status: 'pending',
        url: started.url,
        connected: null,
        error: null,
        expiresAt: expiresAt.toISOString(),
      },
      browserSecret,
    };
  } catch (error) {
    throw toCustomerError(error, {
      displayName: provider.displayName,
      integration,
      flow: 'redirect',
      log: context.log,
    });
  }
}

/** The app's word for this customer comes before that of the deployment, and both before the provider's. */
function whatIsAskedFor({ request }: ConnectSessionOwner, { manifest, integration }: Choice) {
  const declared = manifest.integrations.find(({ name }) => name === integration);
  const given = request.defaults[integration];
  return {
    scopes: given?.scopes ?? declared?.scopes,
    authorizationParameters: { ...declared?.authorizationParameters, ...given?.authorizationParameters },
  };
}
