import { TenonError } from '@tenon/runtime/errors';
import { describe, expect, it } from 'vitest';
import { toCustomerError } from './customer-error.ts';

const log = { warn() {}, error() {} };
const failed = { displayName: 'Acme', integration: 'acme', flow: 'form', log } as const;

describe('toCustomerError', () => {
  it.each(['provider_unreachable', 'provider_timeout', 'provider_address_refused'] as const)(
    'does not tell by %s what is in the network of the server',
    (code) => {
      const error = toCustomerError(
        new TenonError(code, 'Acme: metadata.internal cannot be reached (connect ECONNREFUSED 10.1.2.3:443).', {
          hint: 'Set TENON_ALLOW_PRIVATE_ADDRESSES=true on the server.',
          details: { host: 'metadata.internal', url: 'https://10.1.2.3/' },
        }),
        failed,
      );
      expect(error.code).toBe(code);
      const { message, hint, details } = error;
      expect(JSON.stringify({ message, hint, details })).not.toMatch(/10\.1\.2\.3|internal|TENON_|ECONN/);
      expect(hint).toMatch(/Acme/);
    },
  );

  it('tells what the customer can correct, with its details', () => {
    const problems = [{ path: 'values.apiKey', expected: 'API key', got: 'nothing' }];
    const refused = new TenonError('credentials_invalid', 'Not what Acme asks for.', { details: { problems } });
    expect(toCustomerError(refused, failed)).toMatchObject({ message: refused.message, details: { problems } });
  });

  it('keeps to itself how the integration is set up', () => {
    const lacking = new TenonError('integration_misconfigured', 'The integration acme lacks ACME_CLIENT_SECRET.');
    const error = toCustomerError(lacking, failed);
    expect(error.code).toBe('integration_misconfigured');
    expect(`${error.message} ${error.hint}`).not.toContain('ACME_');
  });
});
