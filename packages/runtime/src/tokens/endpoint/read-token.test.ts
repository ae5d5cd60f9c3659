import { describe, expect, it } from 'vitest';
import { tokenAnswerSchema } from '../../provider/auth/token-answer.ts';
import { readAnswer } from './read-answer.ts';
import { readToken } from './read-token.ts';

const nowMs = 1_000_000;
const read = (values: object, answer: Parameters<typeof tokenAnswerSchema.parse>[0] = {}, scopeSeparator = ' ') =>
  readToken(values, { provider: 'Acme', answer: tokenAnswerSchema.parse(answer), scopeSeparator, nowMs });

describe('readToken', () => {
  it('reads an answer of any form by its paths', () => {
    const paths = {
      accessToken: 'data.tokens.0.value',
      refreshToken: 'data.refresh',
      expiresIn: 'data.expires_at',
      expiryFormat: 'unix_milliseconds',
      refreshExpiresIn: 'data.refresh_until',
      scope: 'data.scopes',
    };
    const data = {
      tokens: [{ value: 'at' }],
      refresh: 'rt',
      expires_at: '1060000',
      refresh_until: 2_000_000,
      scopes: ['a', 'b'],
    };
    expect(read({ data }, paths)).toEqual({
      accessToken: 'at',
      refreshToken: 'rt',
      expiresAtMs: 1_060_000,
      refreshExpiresAtMs: 2_000_000,
      scopes: ['a', 'b'],
    });
  });

  it.each([
    ['a b', ' ', ['a', 'b']],
    ['a,b', ' ', ['a', 'b']],
    ['a;b', ';', ['a', 'b']],
    ['', ' ', undefined],
    [['', 7], ' ', undefined],
    [{ a: 1 }, ' ', undefined],
  ])('reads the scopes %j, separated by "%s"', (scope, separator, scopes) => {
    expect(read({ access_token: 'at', scope }, {}, separator).scopes).toEqual(scopes);
  });

  it('never says what it did not expect', () => {
    expect(() => read({ hidden: 'secret-value', access_token: { token: 'secret-value' } })).toThrow(
      /^(?!.*secret-value).*access_token that is no text/,
    );
  });
});

describe('readAnswer', () => {
  const parse = (text: string, type?: string) => readAnswer(Buffer.from(text), type);

  it.each([
    ['JSON that is called something else', '{"a":"1"}', 'text/html; charset=utf-8'],
    ['JSON after a byte order mark', '\u{FEFF}{"a":"1"}', 'application/json'],
    ['a form', 'a=1', 'application/x-www-form-urlencoded'],
    ['a form that is called text', 'a=1', 'text/plain'],
  ])('reads %s', (_kind, text, type) => {
    expect(parse(text, type)).toEqual({ kind: 'values', values: { a: '1' } });
  });

  it.each([
    ['a page', '<html></html>', 'text/html'],
    ['a text', 'try again', 'text/plain'],
    ['nothing', ' ', undefined],
    ['a number', '7', 'application/json'],
    ['half of it', '{"a":', 'application/json'],
  ])('does not read %s', (_kind, text, type) => {
    expect(parse(text, type)).toMatchObject({ kind: 'unreadable' });
  });
});
