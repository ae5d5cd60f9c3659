import { AuthorizationResponseError, validateAuthResponse, type AuthorizationServer } from 'oauth4webapi';
import { TenonError } from '../../errors/tenon-error.ts';

/** What an answer is held against. */
export interface ExpectedCallback {
  /** The provider's display name. */
  readonly provider: string;
  readonly clientId: string;
  readonly state: string;
  /** Absent: the provider's is not known, and `iss` is not looked at. */
  readonly issuer?: string | undefined;
  /** Whether `iss` has to be there (RFC 9207 section 2.4). */
  readonly requireIssuer?: boolean;
}

/** The customer, or an administrator, said no: RFC 6749 section 4.1.2.1, OpenID Connect Core 1.0 section 3.1.2.6. */
const denials = new Set([
  'access_denied',
  'consent_required',
  'interaction_required',
  'login_required',
  'account_selection_required',
  // LinkedIn.
  'user_cancelled_login',
  'user_cancelled_authorize',
]);
const misconfigurations = new Set([
  'invalid_request',
  'unauthorized_client',
  'unsupported_response_type',
  'invalid_scope',
  'invalid_client',
  'redirect_uri_mismatch',
  'invalid_target',
  // GitHub.
  'application_suspended',
]);

const longestDescription = 300;

function describeRefusal(parameters: URLSearchParams): string {
  const description = parameters.get('error_description') ?? '';
  const error = parameters.get('error') ?? '';
  return description === '' ? `"${error}"` : `"${error}" (${description.slice(0, longestDescription)})`;
}

function asRefusal(provider: string, parameters: URLSearchParams): TenonError {
  const error = parameters.get('error') ?? '';
  const said = describeRefusal(parameters);
  const details = { error };
  if (denials.has(error)) {
    return new TenonError('authorization_denied', `${provider} was not allowed to connect the account: ${said}.`, {
      hint: 'Connect again, and consent to what is asked for.',
      details,
    });
  }
  if (misconfigurations.has(error)) {
    return new TenonError('integration_misconfigured', `${provider} refuses the app: ${said}.`, {
      hint: "Check the integration's client id, redirect address and scopes against what is registered with the provider.",
      details,
    });
  }
  return new TenonError('provider_error', `${provider} could not connect the account: ${said}.`, {
    hint: 'Try again later.',
    details,
  });
}

function failCallback(provider: string, problem: string, cause?: unknown): never {
  throw new TenonError('authorization_invalid', `The browser came back from ${provider} with ${problem}.`, {
    hint: 'Connect again, from the beginning.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Checks the parameters of a redirect back: state, issuer (RFC 9207), and that there is nothing of flows that were not
 * asked for. They are checked before an error is believed, as anybody can write one.
 * @returns the code
 * @throws TenonError `authorization_invalid`, `authorization_denied`, `integration_misconfigured`, `provider_error`
 */
export function checkCallback(callback: Readonly<Record<string, string>>, expected: ExpectedCallback): string {
  const { provider, clientId, state, issuer, requireIssuer = false } = expected;
  const parameters = new URLSearchParams(callback);
  if (issuer === undefined) parameters.delete('iss');
  const server: AuthorizationServer = {
    issuer: issuer ?? 'https://unknown.invalid',
    ...(requireIssuer && { authorization_response_iss_parameter_supported: true }),
  };
  try {
    validateAuthResponse(server, { client_id: clientId }, parameters, state);
  } catch (error) {
    if (error instanceof AuthorizationResponseError) throw asRefusal(provider, error.cause);
    // The library's messages name parameters, never their values; its cause holds the values, so it is left behind.
    return failCallback(provider, `an answer to another question: ${error instanceof Error ? error.message : ''}`);
  }
  const code = parameters.get('code');
  if (code === null || code === '') return failCallback(provider, 'no code');
  return code;
}
