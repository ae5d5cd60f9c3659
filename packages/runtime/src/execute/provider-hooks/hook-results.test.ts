import { describe, expect, it } from 'vitest';
import { TenonError } from '../../errors/tenon-error.ts';
import { capturedValuesSchema, newHookTokenSchema, requestChangeSchema } from './hook-results.ts';
import { readHookResult, toHookError } from './to-hook-error.ts';

const place = { hook: 'obtainToken', provider: 'Acme' } as const;

describe('readHookResult', () => {
  it.each([
    ['nothing', undefined],
    ['a blank token', { accessToken: '' }],
    ['two ends', { accessToken: 'a', expiresAtMs: 1, expiresInSeconds: 1 }],
    ['two ends of the refresh token', { accessToken: 'a', refreshExpiresAtMs: 1, refreshExpiresInSeconds: 1 }],
    ['an end that is no number', { accessToken: 'a', expiresInSeconds: 'soon' }],
    ['a field that nobody reads', { accessToken: 'a', expires_in: 3_600 }],
  ])('refuses %s as a token', (_name, result) => {
    expect(() => readHookResult(newHookTokenSchema, result, place)).toThrow(
      expect.objectContaining({
        code: 'hook_failed',
        message: expect.stringContaining('obtainToken of Acme') as unknown,
      }),
    );
  });

  it('never shows what it was given', () => {
    const secret = { accessToken: ['a-secret-token'], fields: { key: 7_654_321 } };
    try {
      readHookResult(newHookTokenSchema, secret, place);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(TenonError);
      const { message, details, hint } = error as TenonError;
      expect(JSON.stringify([message, details, hint])).not.toMatch(/a-secret-token|7654321/);
      expect(message).toContain('accessToken: Invalid input: expected string');
    }
  });

  it('takes a request that is left as it is, and values of a connection that are texts', () => {
    expect(readHookResult(requestChangeSchema, undefined, place)).toBeUndefined();
    expect(readHookResult(capturedValuesSchema, { accountId: '7' }, place)).toEqual({ accountId: '7' });
    for (const wrong of [{ accountId: 7 }, { accountId: '' }, { 'a.b': 'c' }, undefined]) {
      expect(() => readHookResult(capturedValuesSchema, wrong, place)).toThrow(/afterConnect|obtainToken/);
    }
  });
});

describe('toHookError', () => {
  it.each(['provider_unauthorized', 'provider_error', 'provider_timeout', 'integration_misconfigured'] as const)(
    'passes on %s, which the hook or its requests mean',
    (code) => {
      const error = new TenonError(code, 'said on purpose');
      expect(toHookError(error, place)).toBe(error);
    },
  );

  it.each([
    ['an error', new TypeError('x is undefined')],
    ['an error of another room', new TenonError('script_failed', 'no')],
    ['what is no error', { token: 'a-secret-token' }],
  ])('takes %s for a fault of the hook', (_name, thrown) => {
    const error = toHookError(thrown, place);
    expect(error).toMatchObject({ code: 'hook_failed', cause: thrown });
    expect(error.message).not.toContain('a-secret-token');
  });
});
