import { describe, expect, it } from 'vitest';
import { TenonError } from '@tenon/runtime/errors';
import { createLogger } from './create-logger.ts';

const marker = 'marker-9f3a.77-secret';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger({ level: 'trace' }, { write: (line) => void lines.push(line) }));
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  return lines.join('');
}

describe('the log', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a header', { headers: { authorization: `Bearer ${marker}`, cookie: `session=${marker}` } }],
    ['a basic header in a text', { text: `sent Authorization: Basic ${Buffer.from(marker).toString('base64')}x` }],
    ['an address with a code and a state', { url: `https://tenon.example/callback?code=${marker}&state=${marker}` }],
    ['an address with a user', { url: `postgres://tenon:${marker}@db/tenon` }],
    [
      'a form',
      { body: `grant_type=refresh_token&refresh_token=${marker}&client_secret=${marker}&code_verifier=${marker}` },
    ],
    ['JSON', { body: { access_token: marker, nested: { clientSecret: marker, apiKey: marker, password: marker } } }],
    ['JSON in a text', { body: JSON.stringify({ access_token: marker, id_token: marker }) }],
    ['JSON in a text in JSON', { body: JSON.stringify({ body: JSON.stringify({ refresh_token: marker }) }) }],
    ['an API key', { text: `used tnn_${marker}` }],
    ['a webhook secret', { text: `signed with whsec_${marker}` }],
    ['a connect session', { text: `opened tns_${marker}` }],
    [
      'what a library hung on an error',
      { err: Object.assign(new Error('refused'), { headers: [marker], parameters: [marker] }) },
    ],
    [
      'the cause of an error',
      { err: new TenonError('internal', 'failed', { cause: Object.assign(new Error('x'), { config: marker }) }) },
    ],
    ['what was thrown and is no error', { err: { token: marker, anything: marker } }],
  ])('does not hold the secret of %s', (_what, fields) => {
    const text = logged((logger) => logger.error(fields, 'a message'));
    expect(text).not.toContain(marker);
    expect(text).not.toContain(Buffer.from(marker).toString('base64'));
    expect(text).toContain('a message');
  });

  it('does not hold secrets of a child or of a message', () => {
    const text = logged((logger) => {
      logger.child({ url: `/x?token=${marker}` }).info('hello');
      logger.warn('answered {"access_token":"%s"}', marker);
    });
    expect(text).not.toContain(marker);
  });

  it('keeps what helps', () => {
    const err = new TenonError('provider_unauthorized', 'GitHub refused the credentials.', {
      cause: new Error('status 401'),
    });
    const text = logged((logger) =>
      logger.error({ err, code: 'provider_unauthorized', state: 'active', keyId: '0a1b2c3d' }, 'failed'),
    );
    for (const part of [
      'provider_unauthorized',
      'GitHub refused',
      'status 401',
      'active',
      '0a1b2c3d',
      'create-logger.test',
    ]) {
      expect(text).toContain(part);
    }
  });
});
