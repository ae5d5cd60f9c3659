import type { ClientAuthentication } from '../../provider/auth/token-answer.ts';
import type { InterpolationValues } from '../../provider/interpolate.ts';
import { interpolate } from '../../provider/interpolate.ts';
import type { Clock } from '../../request/clock.ts';
import { signClientAssertion, type AssertionFacts } from './sign-client-assertion.ts';
import { failClient, type TokenClient } from './token-client.ts';

/** How a provider wants clients to say who they are. */
export interface AuthenticationFacts {
  readonly clientAuthentication: ClientAuthentication;
  readonly clientAssertionAudience?: string | undefined;
  readonly clientAssertionAlgorithm?: AssertionFacts['algorithm'] | undefined;
  readonly clientAssertionHeader: Readonly<Record<string, string>>;
  readonly clientIdParameter: string;
  readonly clientSecretParameter: string;
}

/** What proves the client: headers, and parameters of the body. */
export interface ClientProof {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

/** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined. */
function encodeBasic(clientId: string, clientSecret: string): string {
  return Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64');
}

/** Every spelling of the client's secrets that a request may carry, for redaction. */
export function listClientSecrets({ clientId, clientSecret, privateKey }: TokenClient): string[] {
  const secrets = [clientSecret, privateKey].filter((value) => value !== undefined);
  if (clientId === undefined || clientSecret === undefined) return secrets;
  return [...secrets, formEncode(clientSecret), encodeBasic(clientId, clientSecret)];
}

/**
 * Authenticates a client to the token endpoint: RFC 6749 section 2.3.1, or a signed statement of RFC 7523 section 2.2.
 * @param tokenUrl the audience of a statement, unless the provider names another
 * @throws TenonError `integration_misconfigured` or `credentials_invalid` when the client lacks what it needs
 */
export async function authenticateClient(
  client: TokenClient,
  options: { facts: AuthenticationFacts; tokenUrl: URL; values: InterpolationValues; clock: Pick<Clock, 'now'> },
): Promise<ClientProof> {
  const { facts, tokenUrl, values, clock } = options;
  const { clientId, clientSecret, owner } = client;
  const method = facts.clientAuthentication;
  if (method === 'none') {
    return { headers: {}, parameters: clientId === undefined ? {} : { [facts.clientIdParameter]: clientId } };
  }
  if (clientId === undefined) return failClient(owner, 'client id');
  if (method === 'private_key_jwt' || method === 'client_secret_jwt') {
    const audience = facts.clientAssertionAudience;
    const assertion = await signClientAssertion(client, {
      method,
      clientId,
      audience: audience === undefined ? tokenUrl.href : interpolate(audience, values),
      algorithm: facts.clientAssertionAlgorithm,
      header: facts.clientAssertionHeader,
      values,
      clock,
    });
    // RFC 7521 section 4.2: the client id may be left out, but some providers look for it first.
    const parameters = {
      [facts.clientIdParameter]: clientId,
      client_assertion_type: assertionType,
      client_assertion: assertion,
    };
    return { headers: {}, parameters };
  }
  if (clientSecret === undefined) return failClient(owner, 'client secret');
  if (method === 'basic') {
    return { headers: { authorization: `Basic ${encodeBasic(clientId, clientSecret)}` }, parameters: {} };
  }
  return {
    headers: {},
    parameters: { [facts.clientIdParameter]: clientId, [facts.clientSecretParameter]: clientSecret },
  };
}
