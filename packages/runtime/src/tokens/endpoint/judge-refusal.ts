import type { TokenAnswer } from '../../provider/auth/token-answer.ts';
import { readPath } from '../../provider/read-path.ts';
import type { ExchangeVerdict } from './endpoint-error.ts';

/** Whose credentials the request showed: a refused client is then the customer's, the developer's, or one of Tenon's own making. */
export type ClientOwner = 'connection' | 'integration' | 'registration';

/** Codes of the authorization and of the refresh token: RFC 6749 section 5.2, OpenID Connect Core 1.0 section 3.1.2.6. */
const grantCodes = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  // Slack and GitHub.
  'invalid_code',
  'code_already_used',
  'bad_verification_code',
  'bad_refresh_token',
  'invalid_refresh_token',
  'token_revoked',
  'token_expired',
  'account_inactive',
]);

/** Codes of the app: RFC 6749 section 5.2, RFC 8707 section 2. */
const clientCodes = new Set([
  'invalid_client',
  'unauthorized_client',
  'invalid_scope',
  'unsupported_grant_type',
  'redirect_uri_mismatch',
  'invalid_target',
  // Slack and GitHub.
  'invalid_client_id',
  'bad_client_secret',
  'bad_redirect_uri',
  'incorrect_client_credentials',
]);

/** Of those, what a client can only be told whose secret is not right. */
const clientCredentialCodes = new Set([
  'invalid_client',
  'unauthorized_client',
  'invalid_client_id',
  'bad_client_secret',
  'incorrect_client_credentials',
]);

/** Refusals that pass. */
const passingCodes = new Set(['server_error', 'temporarily_unavailable', 'internal_error', 'fatal_error']);
const rateLimitCodes = new Set([
  'slow_down',
  'ratelimited',
  'rate_limited',
  'rate_limit_exceeded',
  'too_many_requests',
]);

/** Values that say "no error": success codes of APIs that always have the field. */
function isError(value: unknown): boolean {
  return !(value === undefined || value === null || value === '' || value === false || value === 0 || value === '0');
}

function toText(value: unknown): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return value === undefined || value === null ? '' : String(value);
}

/** The code in an error that is an object, as Google's and Facebook's older APIs have it. */
function listCodes(error: unknown): string[] {
  const values = typeof error === 'object' && error !== null ? Object.values(error) : [error];
  return values.filter((value) => typeof value === 'string').map((value) => value.toLowerCase());
}

function quote(error: string, description: string): string {
  return description === '' ? `"${error}"` : `"${error}" (${description})`;
}

function refuseGrant(said: string): ExchangeVerdict {
  return {
    code: 'provider_unauthorized',
    text: `refuses the connection's credentials${said}`,
    hint: 'Connect the account again.',
  };
}

function refuseClient(said: string): ExchangeVerdict {
  return {
    code: 'integration_misconfigured',
    text: `refuses the app${said}`,
    hint: "Check the integration's client id, secret, redirect address and scopes against what is registered with the provider.",
  };
}

function judgeCode(codes: readonly string[], owner: ClientOwner, said: string): ExchangeVerdict | undefined {
  const has = (known: ReadonlySet<string>): boolean => codes.some((code) => known.has(code));
  if (has(grantCodes)) return refuseGrant(said);
  // A client that the customer brought, or that was registered for this connection alone, is part of its credentials.
  if (owner !== 'integration' && has(clientCredentialCodes)) return refuseGrant(said);
  if (has(clientCodes)) return refuseClient(said);
  if (has(rateLimitCodes)) {
    return { code: 'provider_rate_limited', text: `refuses for its rate limit${said}`, hint: 'Try again later.' };
  }
  if (has(passingCodes)) {
    const hint = 'The provider has a problem of its own; try again later.';
    return { code: 'provider_error', text: `answered with the error${said}`, hint };
  }
  return undefined;
}

export interface JudgedAnswer {
  readonly status: number;
  /** Undefined: it could not be read. */
  readonly values: object | undefined;
  /** Whether it is a page for people, as gateways and firewalls show it. */
  readonly isPage: boolean;
}

/**
 * Says what a refusal means, or that the answer is none: whether the customer has to connect again, the developer has
 * to correct something, or it may pass. What is unknown may pass, as a connection must not be lost for a word.
 */
export function judgeRefusal(
  { status, values, isPage }: JudgedAnswer,
  { answer, owner }: { answer: TokenAnswer; owner: ClientOwner },
): ExchangeVerdict | undefined {
  const error = values && readPath(values, answer.error);
  if (status < 400 && !isError(error)) return undefined;
  const text = isError(error) ? toText(error) : '';
  const description = toText(values && readPath(values, answer.errorDescription));
  const said = text === '' && description === '' ? ` (${status})` : `: ${quote(text, description)}`;
  const searched = `${text} ${description}`.toLowerCase();
  const names = (parts: readonly string[]): boolean => parts.some((part) => searched.includes(part.toLowerCase()));
  if (names(answer.grantRefused)) return refuseGrant(said);
  if (names(answer.clientRefused)) return owner === 'integration' ? refuseClient(said) : refuseGrant(said);
  const known = judgeCode(listCodes(error), owner, said);
  if (known) return known;
  // RFC 9110 section 15.5.2. A page is the work of something between: its 401 is not about the customer.
  if (status === 401 && !isPage) return refuseGrant(said);
  return {
    code: 'provider_error',
    text: `answered with ${status}${text === '' && description === '' ? '' : said}`,
    hint: 'Read details.body for what the provider says. If it refuses the customer, say so in answer.grantRefused of the provider.',
  };
}
