import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { clientAuthenticationSchema, tokenAnswerSchema } from '../../provider/auth/token-answer.ts';
import { interpolate, type InterpolationValues } from '../../provider/interpolate.ts';
import { listIntegrationSecrets } from '../../provider/list-integration-secrets.ts';
import { findLink } from '../../request/link-header.ts';
import { refuseCallback } from '../check-callback.ts';
import { askTokenEndpoint } from '../endpoint/ask-token-endpoint.ts';
import { createExchangeError } from '../endpoint/endpoint-error.ts';
import { readAnswer } from '../endpoint/read-answer.ts';
import { readToken } from '../endpoint/read-token.ts';
import { sendExchange } from '../endpoint/send-exchange.ts';
import { integrationClient } from '../endpoint/token-client.ts';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import type { AuthorizationEnd } from '../token-context.ts';
import { listPathValues } from './list-path-values.ts';

type Ownership = NonNullable<AuthOf<'app'>['ownership']>;

/** A hundred installations a page: nobody administrates that many, and a loop ends. */
const maxPages = 20;

/** RFC 6749 section 4.1.3; the app signs the customer in with its own client. */
async function signIn(end: AuthorizationEnd, ownership: Ownership): Promise<string> {
  const { code } = end.callback;
  if (code === undefined || code === '') throw refuseCallback(end, 'without a code that proves who installed the app');
  const values = exchangeValues(end);
  const answer = tokenAnswerSchema.parse({});
  const told = await askTokenEndpoint(end, {
    endpoint: 'token endpoint of users',
    url: endpointUrl(ownership.tokenUrl, values),
    facts: {
      clientAuthentication: clientAuthenticationSchema.enum.body,
      clientAssertionHeader: {},
      clientIdParameter: 'client_id',
      clientSecretParameter: 'client_secret',
      bodyFormat: 'form',
      answer,
    },
    client: integrationClient(end),
    parameters: () => ({ grant_type: 'authorization_code', code }),
    values,
    repeat: 'unsafe',
    secrets: [code],
  });
  return readToken(told, { provider: end.provider.displayName, answer, nowMs: 0 }).accessToken;
}

interface Page {
  readonly values: object;
  readonly next: URL | undefined;
}

async function askPage(end: AuthorizationEnd, { url, accessToken }: { url: URL; accessToken: string }): Promise<Page> {
  const report = await sendExchange(end, {
    endpoint: "list of the user's installations",
    repeat: 'safe',
    secrets: [accessToken, ...listIntegrationSecrets(end.provider, end.integration)],
    build: () => ({ method: 'GET', url, headers: { authorization: `Bearer ${accessToken}` }, body: null }),
  });
  const { status, body, headers } = report.outcome;
  const read = readAnswer(body, headers['content-type']);
  if (status >= 400 || read.kind !== 'values') throw createExchangeError(report);
  const link = findLink(headers['link'], 'next');
  const next = link === undefined ? undefined : new URL(link, url);
  // The user's token goes nowhere else.
  return { values: read.values, next: next?.origin === url.origin ? next : undefined };
}

/**
 * Checks that an installation is one of the customer's. Anybody can write the redirect that names it, so without this
 * a customer could connect the account of another one by its number.
 * @throws TenonError `authorization_invalid` when it is not, and what the requests throw
 */
export async function checkOwnership(end: AuthorizationEnd, ownership: Ownership): Promise<void> {
  const accessToken = await signIn(end, ownership);
  const values: InterpolationValues = exchangeValues(end, { accessToken });
  const wanted = interpolate(ownership.equals, values);
  let url: URL | undefined = endpointUrl(ownership.url, values);
  for (let page = 0; url && page < maxPages; page += 1) {
    const { values: told, next }: Page = await askPage(end, { url, accessToken });
    if (listPathValues(told, ownership.ids).some((id) => String(id) === wanted)) return;
    url = next;
  }
  throw refuseCallback(end, 'with an installation that is not of the user who signed in');
}
