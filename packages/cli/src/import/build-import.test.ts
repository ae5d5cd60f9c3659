import { describe, expect, it } from 'vitest';
import { sampleIntegration } from '../testing/samples.ts';
import { buildImport } from './build-import.ts';

const integrations = [
  sampleIntegration(),
  sampleIntegration({ name: 'desk', authMode: 'api_key', flow: 'form' }),
  sampleIntegration({ name: 'books', authMode: 'basic', flow: 'form' }),
  sampleIntegration({ name: 'twitter', authMode: 'oauth1' }),
];

const build = (value: Record<string, unknown>, integration?: string) =>
  buildImport({ place: 'item 1', value }, { integrations, integration, verify: true });

describe('buildImport', () => {
  it('takes OAuth tokens, flat as a CSV has them, under the names of other systems', () => {
    const row = {
      integration: 'github',
      connection: 'u1',
      access_token: 'at',
      refresh_token: 'rt',
      expires_at: '1767225600',
      scope: 'repo,user',
      'config.subdomain': 'acme',
      metadata: '{"plan":"pro"}',
    };
    expect(build(row)).toMatchObject({
      integration: 'github',
      id: 'u1',
      credentials: {
        mode: 'oauth2',
        accessToken: 'at',
        refreshToken: 'rt',
        expiresAt: '2026-01-01T00:00:00.000Z',
        scopes: ['repo', 'user'],
      },
      config: { subdomain: 'acme' },
      metadata: { plan: 'pro' },
      verify: true,
    });
  });

  it.each<[unknown, string]>([
    [1_767_225_600, '2026-01-01T00:00:00.000Z'],
    [1_767_225_600_000, '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.000Z'],
  ])('reads the time %s', (expiresAt, expected) => {
    expect(build({ id: 'u', accessToken: 'at', expiresAt }, 'github').credentials).toMatchObject({
      expiresAt: expected,
    });
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['desk', { token: 'k' }, { mode: 'api_key', values: { token: 'k' } }],
    ['desk', { credentials: { values: { token: 'k' } } }, { mode: 'api_key', values: { token: 'k' } }],
    ['desk', { 'credentials.token': 'k' }, { mode: 'api_key', values: { token: 'k' } }],
    ['books', { username: 'u', password: 'p' }, { mode: 'basic', username: 'u', password: 'p' }],
    [
      'twitter',
      { oauth_token: 't', oauth_token_secret: 's' },
      { mode: 'oauth1', values: { token: 't', tokenSecret: 's' } },
    ],
  ])('makes the credentials of %s from %o', (integration, value, credentials) => {
    expect(build({ id: 'u', ...value }, integration).credentials).toEqual(credentials);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ integration: 'github' }, 'connection: expected a name, got nothing.'],
    [{ id: 'u' }, 'integration: expected a name, got nothing.'],
    [{ id: 'u', integration: 'nowhere' }, 'integration: nowhere is not deployed.'],
    [{ id: 'u', integration: 'books', username: 'u' }, 'credentials.password: '],
    [{ id: 'u', integration: 'github', accessToken: 's3cret', expiresAt: 's3cret' }, 'expiresAt: expected a time'],
    [{ id: 'u', integration: 'github', password: 's3cret' }, 'credentials: Unrecognized key: "password"'],
    [{ id: 'u', integration: 'github', config: 's3cret' }, 'config: expected a JSON object.'],
  ])('refuses %o with its path and without its values', (value, message) => {
    expect(() => build(value)).toThrow(message);
    expect(() => build(value)).not.toThrow('s3cret');
  });
});
