import { randomBytes } from 'node:crypto';
import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { listIntegrationSecrets } from '../../provider/list-integration-secrets.ts';
import { systemClock } from '../../request/clock.ts';
import { readOauth1Client } from '../../request/signing/create-request-signer.ts';
import { signOauth1, type Oauth1Keys } from '../../request/signing/oauth1.ts';
import { createExchangeError } from '../endpoint/endpoint-error.ts';
import { sendExchange } from '../endpoint/send-exchange.ts';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import type { TokenContext } from '../token-context.ts';
import { judgeOauth1Refusal } from './judge-oauth1-refusal.ts';

export interface Oauth1Question {
  readonly auth: AuthOf<'oauth1'>;
  /** Template of the address. */
  readonly url: string;
  readonly step: 'request token' | 'access token';
  /** The temporary token and the parameters of this step. */
  readonly keys: Pick<Oauth1Keys, 'token' | 'tokenSecret' | 'parameters'>;
}

/** RFC 5849 section 2.1 has a form; some answer in JSON, and few name the type of what they send. */
function readValues(body: Buffer): Record<string, string> {
  const text = body.toString('utf8').trim();
  if (!text.startsWith('{')) return Object.fromEntries(new URLSearchParams(text));
  try {
    const values = Object.entries(JSON.parse(text) as object);
    return Object.fromEntries(values.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}

/**
 * Asks for a token with a signed request (RFC 5849 sections 2.1 and 2.3).
 * @returns the answer's parameters, with `oauth_token` and `oauth_token_secret` among them
 * @throws TenonError as `judgeOauth1Refusal` has it, `provider_answer_invalid` without a token, what `sendExchange` throws
 */
export async function askOauth1Endpoint(
  context: TokenContext,
  { auth, url: template, step, keys }: Oauth1Question,
): Promise<Readonly<Record<string, string>>> {
  const { provider, integration, clock = systemClock } = context;
  const values = exchangeValues(context);
  const url = endpointUrl(template, values);
  const client = { ...readOauth1Client(auth, values), ...keys };
  const secrets = [
    ...listIntegrationSecrets(provider, integration),
    ...[keys.token, keys.tokenSecret, ...Object.values(keys.parameters ?? {})].filter((value) => value !== undefined),
  ];
  const report = await sendExchange(context, {
    endpoint: `${step} endpoint`,
    // A verifier is good once.
    repeat: step === 'request token' ? 'safe' : 'unsafe',
    secrets,
    build() {
      const request = { method: 'POST', origin: url.origin, path: url.pathname + url.search, headers: {}, body: null };
      const moment = { nowMs: clock.now(), nonce: randomBytes(16).toString('hex') };
      const { headers } = signOauth1(request, client, moment);
      // Some servers want the length of a POST even where it has no body.
      return { method: 'POST', url, headers: { ...headers, accept: '*/*', 'content-length': '0' }, body: null };
    },
  });
  const { status, body, headers } = report.outcome;
  const answer = readValues(body);
  const verdict = judgeOauth1Refusal({ status, answer, challenge: headers['www-authenticate'] }, step);
  if (verdict) throw createExchangeError(report, { verdict });
  const { oauth_token: token = '', oauth_token_secret: secret } = answer;
  if (token !== '' && secret !== undefined) return answer;
  throw createExchangeError(
    { ...report, secrets: [...secrets, token, secret ?? ''] },
    {
      verdict: {
        code: 'provider_answer_invalid',
        text: 'gave no oauth_token and oauth_token_secret (RFC 5849 section 2)',
        hint: "Check the addresses in the provider's auth section.",
      },
    },
  );
}
