import { TenonError } from '../../errors/tenon-error.ts';
import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { interpolate, interpolateAll, type InterpolationValues } from '../../provider/interpolate.ts';
import { listIntegrationSecrets } from '../../provider/list-integration-secrets.ts';
import type { ProviderToken } from '../../provider/provider-token.ts';
import { systemClock } from '../../request/clock.ts';
import { encodeBody } from '../../request/encode-body.ts';
import { createExchangeError } from '../endpoint/endpoint-error.ts';
import { readTokenExpiry } from '../endpoint/read-expiry.ts';
import { sendExchange, type ExchangeRequest } from '../endpoint/send-exchange.ts';
import { credentialValues } from '../credential-values.ts';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import { requireMode } from '../require-mode.ts';
import type { TokenRequest } from '../token-context.ts';
import { judgeStep } from './judge-step.ts';
import { readCaptures } from './read-captures.ts';

type TokenExchangeAuth = AuthOf<'token_exchange'>;
type Step = TokenExchangeAuth['steps'][number];

async function buildStep(step: Step, values: InterpolationValues): Promise<ExchangeRequest> {
  const url = endpointUrl(step.url, values);
  for (const [name, value] of Object.entries(interpolateAll(step.query, values))) url.searchParams.append(name, value);
  const parameters = interpolateAll(step.body, values);
  const isEmpty = step.bodyFormat === 'none' || step.method === 'GET' || Object.keys(parameters).length === 0;
  const headers = interpolateAll(step.headers, values);
  if (isEmpty) return { method: step.method, url, headers, body: null };
  const { bytes, contentType } = await encodeBody(
    step.bodyFormat === 'json' ? parameters : new URLSearchParams(parameters),
  );
  return {
    method: step.method,
    url,
    headers: { ...(contentType !== undefined && { 'content-type': contentType }), ...headers },
    body: String(bytes),
  };
}

/** What the last step led to, as requests use it. */
function readToken(auth: TokenExchangeAuth, request: TokenRequest, values: InterpolationValues): ProviderToken {
  const fields = interpolateAll(auth.credential, values);
  // What renewals are told apart by; where nothing is called so, all that was obtained.
  const accessToken = fields['accessToken'] ?? Object.values(fields).join(' ');
  const expiresAtMs = readTokenExpiry(fields['accessToken'] ?? '', {
    said: auth.expiry && interpolate(auth.expiry.value, values),
    format: auth.expiry?.format ?? 'seconds',
    defaultSeconds: auth.defaultExpirySeconds,
    nowMs: (request.clock ?? systemClock).now(),
  });
  return { accessToken, fields, ...(expiresAtMs !== undefined && { expiresAtMs }) };
}

/**
 * Exchanges the customer's credentials for a session, step by step. No redirect is followed, and each step may name what
 * earlier ones captured.
 * @throws TenonError `provider_unauthorized` or `integration_misconfigured` for a refusal, by whose values the step
 *   sent; `provider_answer_invalid` when a capture is missing; what `sendExchange` throws
 */
export async function exchangeCredentials(request: TokenRequest): Promise<ProviderToken> {
  const auth = requireMode(request.provider, 'token_exchange');
  const { provider, integration, credentials } = request;
  const credential = credentialValues(credentials);
  const known = exchangeValues(request, credential);
  let captured: Readonly<Record<string, string>> = {};
  for (const [index, step] of auth.steps.entries()) {
    const values = { ...known, step: captured };
    const secrets = [
      ...Object.values(credential),
      ...Object.values(captured),
      ...listIntegrationSecrets(provider, integration),
    ];
    const report = await sendExchange(request, {
      endpoint: auth.steps.length === 1 ? 'login' : `login (step ${index + 1} of ${auth.steps.length})`,
      repeat: 'safe',
      secrets,
      build: () => buildStep(step, values),
    });
    const verdict = judgeStep(report.outcome, step, provider);
    if (verdict) throw createExchangeError(report, { verdict });
    const read = readCaptures(report.outcome, step.capture);
    if (read.missing.length > 0) {
      // The answer is not shown: it holds a session that nothing here could take out.
      throw new TenonError(
        'provider_answer_invalid',
        `The ${report.endpoint} of ${provider.displayName} gave no ${read.missing.join(', no ')}.`,
        { hint: "Check the steps in the provider's auth section.", details: { status: report.outcome.status } },
      );
    }
    captured = { ...captured, ...read.values };
  }
  return readToken(auth, request, { ...known, step: captured });
}
