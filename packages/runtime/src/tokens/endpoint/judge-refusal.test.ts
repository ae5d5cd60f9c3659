import { describe, expect, it } from 'vitest';
import { tokenAnswerSchema } from '../../provider/auth/token-answer.ts';
import { judgeRefusal } from './judge-refusal.ts';

function judge(
  status: number,
  values: object | undefined,
  options: {
    answer?: Parameters<typeof tokenAnswerSchema.parse>[0];
    owner?: 'connection' | 'integration' | 'registration';
    isPage?: boolean;
  } = {},
): string | undefined {
  const answer = tokenAnswerSchema.parse(options.answer ?? {});
  const judged = { status, values, isPage: options.isPage ?? false };
  return judgeRefusal(judged, { answer, owner: options.owner ?? 'integration' })?.code;
}

describe('judgeRefusal', () => {
  it.each([
    [{ access_token: 'x' }],
    [{ access_token: 'x', error: '' }],
    [{ access_token: 'x', error: null }],
    [{ access_token: 'x', error: 0 }],
    [{ access_token: 'x', error: '0' }],
    [{ access_token: 'x', error: false }],
  ])('finds no refusal in %j', (values) => {
    expect(judge(200, values)).toBeUndefined();
  });

  it.each([
    ['the developer whose client it is', 'integration', 'integration_misconfigured'],
    ['the customer who brought the client', 'connection', 'provider_unauthorized'],
    ['the customer for whom the client was registered', 'registration', 'provider_unauthorized'],
  ] as const)('has a refused client be for %s', (_kind, owner, code) => {
    expect(judge(401, { error: 'invalid_client' }, { owner })).toBe(code);
    expect(judge(400, { error: 'invalid_scope' }, { owner })).toBe('integration_misconfigured');
  });

  it('reads codes within an error that is an object, and in capitals', () => {
    expect(judge(400, { error: { type: 'OAuthException', code: 'INVALID_GRANT' } })).toBe('provider_unauthorized');
  });

  it('goes by what the provider declares before what is known of all', () => {
    const answer = {
      error: 'status',
      errorDescription: 'message',
      grantRefused: ['BAD_REFRESH_TOKEN'],
      clientRefused: ['unknown app'],
    };
    expect(judge(400, { status: 'BAD_REFRESH_TOKEN' }, { answer })).toBe('provider_unauthorized');
    expect(judge(400, { status: 'ERROR', message: 'Unknown app.' }, { answer })).toBe('integration_misconfigured');
    expect(judge(200, { status: 'bad_refresh_token' }, { answer })).toBe('provider_unauthorized');
  });

  it('takes a 401 for a refusal, unless a page says it', () => {
    expect(judge(401, undefined)).toBe('provider_unauthorized');
    expect(judge(401, { message: 'no' })).toBe('provider_unauthorized');
    expect(judge(401, undefined, { isPage: true })).toBe('provider_error');
    expect(judge(403, undefined)).toBe('provider_error');
  });
});
