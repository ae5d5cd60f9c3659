import { TenonError } from '@tenon/runtime/errors';
import type { ConnectionProblem } from '@tenon/runtime/contract';

export type FailureClass = ConnectionProblem['class'];

/**
 * Whose fault a failed exchange with a provider is.
 * @returns undefined for failures that say nothing of the connection: the database, a missing encryption key
 */
export function classifyFailure(error: unknown): FailureClass | undefined {
  if (!(error instanceof TenonError)) return undefined;
  switch (error.code) {
    case 'provider_unauthorized':
      return 'revoked';
    case 'provider_unreachable':
    case 'provider_error':
    case 'provider_timeout':
    case 'provider_rate_limited':
    case 'provider_answer_invalid':
    case 'provider_answer_too_large':
      return 'provider_down';
    // Of the app's own configuration or of the provider's declaration: the customer can do nothing about these.
    case 'integration_misconfigured':
    case 'provider_address_refused':
    case 'provider_request_invalid':
    case 'interpolation_failed':
    case 'credentials_invalid':
    case 'hook_failed':
      return 'misconfigured';
    default:
      return undefined;
  }
}
