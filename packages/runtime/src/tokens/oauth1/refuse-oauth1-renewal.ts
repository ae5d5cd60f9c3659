import { TenonError } from '../../errors/tenon-error.ts';
import type { TokenRenewal } from '../token-context.ts';

/**
 * The tokens of OAuth 1.0a are good until somebody ends them, and then only the customer can give another.
 * @throws TenonError `provider_unauthorized`, always
 */
export async function refuseOauth1Renewal({ provider }: TokenRenewal): Promise<never> {
  throw new TenonError(
    'provider_unauthorized',
    `${provider.displayName} does not take the connection's token any more.`,
    {
      hint: 'Connect the account again: tokens of OAuth 1.0a cannot be renewed.',
      details: { provider: provider.name },
    },
  );
}
