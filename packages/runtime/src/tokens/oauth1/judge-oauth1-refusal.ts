import type { ExchangeVerdict } from '../endpoint/endpoint-error.ts';
import type { Oauth1Question } from './ask-oauth1-endpoint.ts';

export interface Oauth1Answer {
  readonly status: number;
  readonly answer: Readonly<Record<string, string>>;
  /** The WWW-Authenticate header. */
  readonly challenge?: string | undefined;
}

/** Of the problem reporting extension (https://wiki.oauth.net/w/page/12238543/ProblemReporting). */
const customerProblems = new Set(['permission_denied', 'user_refused', 'additional_authorization_required']);
const staleProblems = new Set([
  'permission_unknown',
  'token_expired',
  'token_rejected',
  'token_revoked',
  'token_used',
  'verifier_invalid',
]);

function readProblem({ answer, challenge = '' }: Oauth1Answer): string | undefined {
  return answer['oauth_problem'] ?? /oauth_problem="?([\w%-]+)/.exec(challenge)?.[1];
}

/**
 * Says what a refusal means. Only the app shows its keys for the first token; for the second they are known to be good,
 * unless the provider says otherwise, and it is the temporary token that is not.
 */
export function judgeOauth1Refusal(given: Oauth1Answer, step: Oauth1Question['step']): ExchangeVerdict | undefined {
  const problem = readProblem(given);
  const { status } = given;
  if (status < 400 && problem === undefined) return undefined;
  const said = problem ?? String(status);
  if (problem !== undefined && customerProblems.has(problem)) {
    const hint = 'Connect again and agree, or ask an administrator of the account to do so.';
    return { code: 'authorization_denied', text: `says that access was not granted: ${said}`, hint };
  }
  const isRefusal = [400, 401, 403].includes(status) || problem !== undefined;
  if (!isRefusal) return { code: 'provider_error', text: `answered with ${said}`, hint: 'Try again later.' };
  if (step === 'access token' && (problem === undefined || staleProblems.has(problem))) {
    const hint = 'Connect again, from the beginning.';
    return { code: 'authorization_expired', text: `does not take the temporary token any more: ${said}`, hint };
  }
  return {
    code: 'integration_misconfigured',
    text: `refuses the app: ${said}`,
    hint: "Check the consumer key, its secret, the redirect address that is registered for it, and the server's clock.",
  };
}
