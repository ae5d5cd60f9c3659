import { interpolateAll } from '../../provider/interpolate.ts';
import { listIntegrationSecrets } from '../../provider/list-integration-secrets.ts';
import { systemClock } from '../../request/clock.ts';
import { createExchangeError, type ExchangeVerdict } from '../endpoint/endpoint-error.ts';
import { readAnswer } from '../endpoint/read-answer.ts';
import { readToken } from '../endpoint/read-token.ts';
import { sendExchange } from '../endpoint/send-exchange.ts';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import { signToken } from '../signed-token.ts';
import type { ObtainedToken } from '../obtained-token.ts';
import { requireMode } from '../require-mode.ts';
import type { TokenContext } from '../token-context.ts';

/**
 * The assertion proves the app; that there is an installation, and that it is not suspended, is up to the customer.
 * https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
function judgeRefusal(status: number): ExchangeVerdict | undefined {
  if (status === 401) {
    const hint = "Check the app's id, its private key and the server's clock.";
    return { code: 'integration_misconfigured', text: 'refuses the app (401)', hint };
  }
  if ([403, 404, 410, 422].includes(status)) {
    const hint = 'The app was removed from the account, or suspended there: install it again.';
    return { code: 'provider_unauthorized', text: `has no such installation (${status})`, hint };
  }
  return undefined;
}

/**
 * Makes a token of the installation that the connection names.
 * @returns the token, and all that the provider said with it
 * @throws TenonError `integration_misconfigured` when the app is refused, `provider_unauthorized` when the installation
 *   is gone, `provider_answer_invalid`, and what `sendExchange` throws
 */
export async function askInstallationToken(context: TokenContext): Promise<ObtainedToken> {
  const auth = requireMode(context.provider, 'app');
  const { provider, integration, clock = systemClock } = context;
  const values = exchangeValues(context);
  const url = endpointUrl(auth.tokenUrl, values);
  const parameters = interpolateAll(auth.tokenParameters, values);
  const hasBody = Object.keys(parameters).length > 0;
  const report = await sendExchange(context, {
    endpoint: 'installation token endpoint',
    // Another token is all that a second request makes.
    repeat: 'safe',
    secrets: listIntegrationSecrets(provider, integration),
    async build() {
      const assertion = await signToken(auth.assertion, values, clock);
      return {
        method: 'POST',
        url,
        headers: {
          authorization: `Bearer ${assertion.token}`,
          ...(hasBody && { 'content-type': 'application/json' }),
        },
        body: hasBody ? JSON.stringify(parameters) : null,
      };
    },
  });
  const { status, body, headers } = report.outcome;
  if (status >= 400) {
    const verdict = judgeRefusal(status);
    throw createExchangeError(report, verdict && { verdict });
  }
  const read = readAnswer(body, headers['content-type']);
  if (read.kind === 'values') {
    const facts = { provider: provider.displayName, answer: auth.answer, nowMs: clock.now() };
    return { token: readToken(read.values, facts), answer: read.values };
  }
  throw createExchangeError(report, {
    verdict: {
      code: 'provider_answer_invalid',
      text: `answered with ${read.problem}`,
      hint: "Check the token URL in the provider's auth section.",
    },
  });
}
