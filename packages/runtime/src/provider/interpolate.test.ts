import { describe, expect, it } from 'vitest';
import { interpolate } from './interpolate.ts';
import { interpolateUrl } from './interpolate-url.ts';

const values = { connection: { region: 'eu', url: 'https://git.example.com/' }, credential: { token: 's3cret-value' } };

describe('interpolate', () => {
  it('fills every placeholder', () => {
    expect(interpolate('${connection.region}/${ credential.token }/$x', values)).toBe('eu/s3cret-value/$x');
  });

  it('does not read placeholders that a value brings along', () => {
    expect(
      interpolate('${connection.a}', { connection: { a: '${credential.token}' }, credential: values.credential }),
    ).toBe('${credential.token}');
  });

  it('names what is missing and shows no other value', () => {
    let message = '';
    try {
      interpolate('${credential.token}-${connection.shop}', values);
    } catch (error) {
      message = JSON.stringify(error) + String(error);
    }
    expect(message).toContain('connection.shop');
    expect(message).not.toContain('s3cret');
  });

  it.each(['${}', '${token}', '${env.HOME}', '${connection.__proto__}', '${connection.toString}'])(
    'refuses %s',
    (template) => {
      expect(() => interpolate(template, values)).toThrow(expect.objectContaining({ code: 'interpolation_failed' }));
    },
  );
});

describe('interpolateUrl', () => {
  it('fills a host', () => {
    expect(interpolateUrl('https://${connection.region}.example.com/v1', values)).toBe('https://eu.example.com/v1');
  });

  it.each(['evil.com/', 'evil.com#', 'evil.com?', 'user@evil.com', 'evil.com\\', 'a b', ''])(
    'refuses the host part "%s", which would send the credentials elsewhere',
    (region) => {
      expect(() => interpolateUrl('https://${connection.region}.example.com', { connection: { region } })).toThrow(
        expect.objectContaining({ code: 'interpolation_failed' }),
      );
    },
  );

  it('encodes what goes into a path', () => {
    expect(interpolateUrl('/accounts/${connection.region}/x', { connection: { region: '../a?b' } })).toBe(
      '/accounts/..%2Fa%3Fb/x',
    );
  });

  it('takes a whole address where the template begins with it', () => {
    expect(interpolateUrl('${connection.url}/api/v4', values)).toBe('https://git.example.com/api/v4');
  });
});
