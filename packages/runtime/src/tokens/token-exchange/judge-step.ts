import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { listPlaceholders } from '../../provider/interpolate.ts';
import type { Provider } from '../../provider/provider-schema.ts';
import { readPath } from '../../provider/read-path.ts';
import { saysFailure } from '../../request/says-failure.ts';
import type { WireAnswer } from '../../request/send-once.ts';
import type { ExchangeVerdict } from '../endpoint/endpoint-error.ts';
import { readBody } from './read-captures.ts';

type Step = AuthOf<'token_exchange'>['steps'][number];

/** A login with the keys of the app alone says nothing of the customer's. */
function isOfTheApp({ url, headers, query, body }: Step): boolean {
  const texts = [url, ...[headers, query, body].flatMap((templates) => Object.values(templates))];
  const namespaces = new Set(
    texts.flatMap((text) => listPlaceholders(text).map(({ reference }) => reference?.namespace)),
  );
  return namespaces.has('integration') && !namespaces.has('credential') && !namespaces.has('step');
}

function refuse(step: Step, said: string): ExchangeVerdict {
  return isOfTheApp(step)
    ? { code: 'integration_misconfigured', text: `refuses the app: ${said}`, hint: "Check the integration's values." }
    : {
        code: 'provider_unauthorized',
        text: `refuses the connection's credentials: ${said}`,
        hint: 'Connect the account again, with credentials that are valid.',
      };
}

/**
 * Says whether a step was refused. It is the same request as ever with the customer's values in it, so an answer that it
 * cannot be understood (400, 422) is how many APIs put "wrong password".
 */
export function judgeStep(answer: WireAnswer, step: Step, provider: Provider): ExchangeVerdict | undefined {
  const { status } = answer;
  if ([400, 401, 403, 422].includes(status)) return refuse(step, String(status));
  if (status >= 400) {
    const hint = "Check the connection's values and the steps in the provider's auth section.";
    return { code: 'provider_error', text: `answered with ${status}`, hint };
  }
  const { bodyError } = provider;
  const data = bodyError && readBody(answer);
  if (!bodyError || !saysFailure(data, bodyError)) return undefined;
  const message = String(readPath(data, bodyError.messagePath) ?? 'no message');
  if (bodyError.unauthorized.includes(message)) return refuse(step, message);
  const rateLimited = bodyError.rateLimited.includes(message);
  return {
    code: rateLimited ? 'provider_rate_limited' : 'provider_error',
    text: `says ${message}`,
    hint: rateLimited ? 'Try again later.' : 'Read details.body for what the provider says.',
  };
}
