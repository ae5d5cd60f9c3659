import { describe, expect, it } from 'vitest';
import { isSensitiveName, redact } from './redact.ts';

describe('redact', () => {
  it('takes known secrets out of a text in every spelling that they travel in', () => {
    const secret = 'p@ss "word"/1';
    const text = [
      `plain ${secret}`,
      `query ${encodeURIComponent(secret)}`,
      `json ${JSON.stringify({ note: secret })}`,
      `basic ${Buffer.from(secret).toString('base64')}`,
    ].join('\n');
    const result = redact(text, [secret]);
    expect(result).toBe('plain [redacted]\nquery [redacted]\njson {"note":"[redacted]"}\nbasic [redacted]');
  });

  it('takes out the longer of two secrets first, so that no end of it stays', () => {
    expect(redact('abcd-efgh', ['abcd', 'abcd-efgh'])).toBe('[redacted]');
  });

  it('leaves a text readable when a secret is a letter or empty', () => {
    expect(redact('next page', ['x', ''])).toBe('next page');
  });

  it.each([
    ['/v1/x?api_key=abc&page=2', '/v1/x?api_key=[redacted]&page=2'],
    ['/v1/x?page_token=abc&cursor=def', '/v1/x?page_token=abc&cursor=def'],
    ['https://h/x?X-Amz-Signature=abc#t', 'https://h/x?X-Amz-Signature=[redacted]#t'],
    ['client_id=a&client_secret=b', 'client_id=a&client_secret=[redacted]'],
    ['{"access_token": "abc", "id": "1"}', '{"access_token": "[redacted]", "id": "1"}'],
    ['{"password":"a\\"b"}', '{"password":"[redacted]"}'],
    ['{"refreshToken":"cut off in the mid', '{"refreshToken":"[redacted]"'],
    ['sent Authorization: Bearer abc.def-ghi', 'sent Authorization: Bearer [redacted]'],
  ])('knows secrets by their names: %s', (text, expected) => {
    expect(redact(text, [])).toBe(expected);
  });

  it('takes out whole headers that carry secrets, and secrets from the others', () => {
    expect(
      redact({ Authorization: 'x', cookie: 'a=b', 'X-Api-Key': 'k', 'x-account': 'acct-1234', accept: '*/*' }, [
        '1234',
      ]),
    ).toEqual({
      Authorization: '[redacted]',
      cookie: '[redacted]',
      'X-Api-Key': '[redacted]',
      'x-account': 'acct-[redacted]',
      accept: '*/*',
    });
  });
});

describe('isSensitiveName', () => {
  it.each(['token', 'access_token', 'accessToken', 'key', 'apikey', 'X-API-Key', 'sig', 'signature', 'client_secret'])(
    'takes %s for a secret',
    (name) => expect(isSensitiveName(name)).toBe(true),
  );
  it.each(['id', 'page', 'next_token', 'pageToken', 'sort_key', 'tokens_left', 'design', 'x-ratelimit-remaining'])(
    'takes %s for no secret',
    (name) => expect(isSensitiveName(name)).toBe(false),
  );
});
