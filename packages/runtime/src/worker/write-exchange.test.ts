import { describe, expect, it } from 'vitest';
import type { ObservedExchange } from '../request/exchange-observer.ts';
import { redact } from '../request/redact.ts';
import { writeExchange } from './write-exchange.ts';

const secret = 'hush-hush-1234';
const hide = (text: string): string => redact(text, [secret]);

interface Parts {
  readonly path?: string;
  readonly unsignedPath?: string;
  readonly headers?: Record<string, string>;
  readonly own?: Record<string, string>;
  readonly sent?: string | Uint8Array | null;
  readonly answer?: { headers?: Record<string, string>; body: string | Uint8Array };
}

function write({ path = '/items', unsignedPath, headers = {}, own = {}, sent = null, answer }: Parts, cut = {}) {
  const exchange = {
    sent: { method: 'POST', path, ...(unsignedPath && { unsignedPath }), headers, body: sent },
    outcome: {
      kind: 'answer',
      status: 200,
      headers: answer?.headers ?? {},
      body: Buffer.from(answer?.body ?? ''),
    },
    ownHeaders: own,
    secrets: [secret],
  } as unknown as ObservedExchange;
  return writeExchange({ exchange, cut: { request: false, response: false, ...cut } }, hide);
}

describe('an exchange as a capture has it', () => {
  it('has no secret: not in the path, a header, or a body, as it is or encoded', () => {
    const encoded = Buffer.from(secret).toString('base64');
    const written = write({
      path: `/items?key=${secret}`,
      headers: { authorization: `Bearer ${secret}`, 'x-note': `a ${secret}`, 'content-type': 'application/json' },
      own: { 'x-note': '', authorization: '' },
      sent: JSON.stringify({ token: secret }),
      answer: {
        headers: { 'set-cookie': `session=${secret}`, 'x-echo': secret },
        body: JSON.stringify({ echo: secret, basic: encoded }),
      },
    });
    expect(JSON.stringify(written)).not.toContain(secret);
    expect(written?.request.headers).not.toHaveProperty('authorization');
    expect(written?.response.headers).not.toHaveProperty('set-cookie');
  });

  it('has the path as it was before it was signed, and of what was sent only the headers of the script', () => {
    const written = write({
      path: '/items?signature=abc',
      unsignedPath: '/items',
      headers: { 'x-own': 'a', 'x-engine': 'b', 'content-type': 'text/plain' },
      own: { 'x-own': 'a' },
    });
    expect(written?.request).toEqual({
      method: 'POST',
      path: '/items',
      headers: { 'x-own': 'a', 'content-type': 'text/plain' },
    });
  });

  it.each([
    ['JSON', '{"a":1}', undefined, { body: { a: 1 } }],
    [
      'JSON with a number that would not survive',
      '{"a":12345678901234567890}',
      undefined,
      { body: '{"a":12345678901234567890}' },
    ],
    ['text', 'hello', undefined, { body: 'hello' }],
    ['a form', 'a=1&b=x+y', 'application/x-www-form-urlencoded', { body: { a: '1', b: 'x y' } }],
    ['bytes', Buffer.from([0xff, 0xfe, 0]), undefined, { bodyBase64: '//4A' }],
    ['nothing', '', undefined, {}],
  ])('spells %s so that it is read back as it was', (_name, body, type, expected) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const { status: _status, headers: _headers, ...written } = write({ answer: { headers, body } })?.response ?? {};
    expect(written).toEqual(expected);
  });

  it('hides a secret within bytes that are no text', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(secret)]);
    const written = JSON.stringify(write({ answer: { body: bytes } }));
    expect(written).not.toContain(secret);
    expect(written).not.toContain(bytes.toString('base64'));
  });

  it('leaves out a body that was cut, and an exchange without an answer', () => {
    const written = write({ sent: null, answer: { body: '' } }, { request: true, response: true });
    expect(written?.request).not.toHaveProperty('body');
    expect(written?.response).not.toHaveProperty('body');
    const exchange = {
      sent: { method: 'GET', path: '/', headers: {}, body: null },
      outcome: { kind: 'timeout' },
      ownHeaders: {},
      secrets: [],
    } as unknown as ObservedExchange;
    expect(writeExchange({ exchange, cut: { request: false, response: false } }, hide)).toBeUndefined();
  });
});
