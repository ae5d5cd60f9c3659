import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import * as fc from 'fast-check';
import OAuth from 'oauth-1.0a';
import { describe, expect, it } from 'vitest';
import { createBaseString, signOauth1, type Oauth1Keys } from './oauth1.ts';
import type { SignableRequest } from './request-signer.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pem = String(rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }));

const form = { 'content-type': 'application/x-www-form-urlencoded' };

function requestOf(changes: Partial<SignableRequest>): SignableRequest {
  return { method: 'POST', origin: 'http://example.com', path: '/', headers: {}, body: null, ...changes };
}

/** The parameters of the header, decoded. */
function readHeader(header: string | undefined): Record<string, string> {
  return Object.fromEntries(
    [...(header ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decodeURIComponent(value),
    ]),
  );
}

describe('signOauth1', () => {
  it('makes the base string of RFC 5849 section 3.4.1.1', () => {
    const request = requestOf({
      path: '/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
      headers: form,
      body: 'c2&a3=2+q',
    });
    const protocol = [
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
    ] as const;
    expect(createBaseString(request, protocol)).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26' +
        'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26' +
        'oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });

  it('writes the header as in RFC 5849 section 2.1, PLAINTEXT', () => {
    const { headers } = signOauth1(
      requestOf({ origin: 'https://photos.example.net', path: '/token' }),
      {
        signatureMethod: 'PLAINTEXT',
        consumerKey: 'dpf43f3p2l4k3l03',
        consumerSecret: 'kd94hf93k423kf44',
        token: 'hh5s93j4hdidpola',
        tokenSecret: 'hdhd0244k9j7ao03',
        realm: 'Pho"tos',
        parameters: { oauth_verifier: 'hfdp7dh39dks9884' },
      },
      { nowMs: 0, nonce: 'n' },
    );
    expect(headers['authorization']).toBe(
      String.raw`OAuth realm="Pho\"tos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="hh5s93j4hdidpola", ` +
        'oauth_signature_method="PLAINTEXT", oauth_timestamp="0", oauth_nonce="n", oauth_version="1.0", ' +
        'oauth_verifier="hfdp7dh39dks9884", oauth_signature="kd94hf93k423kf44%26hdhd0244k9j7ao03"',
    );
  });

  // https://docs.x.com/resources/fundamentals/authentication/oauth-1-0a/creating-a-signature
  it("makes the signature of X's documented example", () => {
    const { secrets } = signOauth1(
      requestOf({
        origin: 'https://api.twitter.com',
        path: '/1.1/statuses/update.json?include_entities=true',
        headers: form,
        body: `status=${encodeURIComponent('Hello Ladies + Gentlemen, a signed OAuth request!')}`,
      }),
      {
        signatureMethod: 'HMAC-SHA1',
        consumerKey: 'xvz1evFS4wEEPTGEFPHBog',
        consumerSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
        token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
        tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
      },
      { nowMs: 1_318_622_958_000, nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg' },
    );
    expect(secrets).toEqual(['hCtSmYh+iHYCEqBWrE7C7hYmtUk=']);
  });

  const text = fc.string({ unit: 'grapheme', maxLength: 8 });
  // oauth-1.0a reads a name twice as one only where its first value is not empty, and joins forms and queries its own way.
  const parameters = fc.dictionary(
    fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/),
    fc.oneof(text, fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 })),
    { maxKeys: 4, noNullPrototype: true },
  );
  const methods = ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'] as const;

  function signIndependently(method: (typeof methods)[number], base: string, key: string): string {
    if (method === 'PLAINTEXT') return key;
    if (method === 'RSA-SHA1') return sign('RSA-SHA1', Buffer.from(base), rsa.privateKey).toString('base64');
    return createHmac(method === 'HMAC-SHA1' ? 'sha1' : 'sha256', key)
      .update(base)
      .digest('base64');
  }

  it.each(methods)('agrees with oauth-1.0a about any request signed by %s', (signatureMethod) => {
    fc.assert(
      fc.property(
        parameters,
        parameters,
        fc.webPath().map((path) => (path.startsWith('/') ? path : `/${path}`)),
        fc.record({
          secret: text,
          token: text,
          tokenSecret: text,
          realm: fc.option(fc.constant('r'), { nil: undefined }),
          origin: fc.constantFrom('http://example.com', 'https://example.com:8443'),
        }),
        (query, body, path, { secret, token, tokenSecret, realm, origin }) => {
          const bodyParameters = Object.entries(body).filter(([name]) => !(name in query));
          const entries = (values: typeof query): [string, string][] =>
            Object.entries(values).flatMap(([name, value]) =>
              [value].flat().map((one): [string, string] => [name, one]),
            );
          const encoded = entries(query)
            .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
            .join('&');
          const wirePath = encoded === '' ? path : `${path}?${encoded}`;
          const formBody = Object.fromEntries(bodyParameters);
          const keys: Oauth1Keys = {
            signatureMethod,
            consumerKey: 'key',
            consumerSecret: signatureMethod === 'RSA-SHA1' ? pem : secret,
            token,
            tokenSecret,
            realm,
          };
          const request = requestOf({
            origin,
            path: wirePath,
            headers: form,
            body: String(new URLSearchParams(entries(formBody))),
          });
          const { headers, secrets } = signOauth1(request, keys, { nowMs: 1_000_999, nonce: 'nonce' });
          const written = readHeader(headers['authorization']);
          expect(written).toMatchObject({ oauth_timestamp: '1000', oauth_nonce: 'nonce', oauth_signature: secrets[0] });

          const independent = new OAuth({
            consumer: { key: 'key', secret },
            signature_method: signatureMethod,
            hash_function: (base, key) => signIndependently(signatureMethod, base, key),
          });
          const { oauth_signature: _signature, realm: _realm, ...protocol } = written;
          const expected = independent.getSignature(
            { url: origin + wirePath, method: 'POST', data: formBody },
            tokenSecret,
            protocol as unknown as OAuth.Data,
          );
          expect(written['oauth_signature']).toBe(expected);
          expect(written['realm']).toBe(realm);
        },
      ),
      { numRuns: signatureMethod === 'RSA-SHA1' ? 40 : 200 },
    );
  });

  it('leaves a body that is no form out of what is signed', () => {
    const keys: Oauth1Keys = { signatureMethod: 'HMAC-SHA1', consumerKey: 'k', consumerSecret: 's' };
    const moment = { nowMs: 0, nonce: 'n' };
    const json = { 'content-type': 'application/json' };
    const signatureOf = (request: SignableRequest) => signOauth1(request, keys, moment).secrets[0];
    const empty = signatureOf(requestOf({}));
    expect(signatureOf(requestOf({ headers: json, body: 'a=1' }))).toBe(empty);
    expect(signatureOf(requestOf({ headers: form, body: Buffer.from('a=1') }))).not.toBe(empty);
  });

  it('refuses a key that is none, without showing it', () => {
    const keys: Oauth1Keys = { signatureMethod: 'RSA-SHA1', consumerKey: 'k', consumerSecret: 'hunter2' };
    const failure = expect(() => signOauth1(requestOf({}), keys, { nowMs: 0, nonce: 'n' }));
    failure.toThrow(expect.objectContaining({ code: 'credentials_invalid' }));
    failure.not.toThrow(/hunter2/);
  });
});
