import { createHash, createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureAuthSchema } from '../../provider/auth/signing-auth.ts';
import { createRequestSigner } from './create-request-signer.ts';
import type { RequestSignature, SignableRequest } from './request-signer.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ed25519 = generateKeyPairSync('ed25519');

interface Case {
  auth: object;
  credential: Record<string, string>;
  request?: Partial<SignableRequest>;
  nowMs?: number;
}

function signWith({ auth, credential, request, nowMs = 1_700_000_000_987 }: Case): RequestSignature {
  const declared = signatureAuthSchema.parse({ mode: 'signature', fields: {}, ...auth });
  const signer = createRequestSigner(declared, { credential, integration: { app: 'app-1' } });
  if (!signer) throw new Error('Nothing signs.');
  return signer(
    { method: 'get', origin: 'https://api.example:8443', path: '/', headers: {}, body: null, ...request },
    { nowMs, nonce: 'nonce-1' },
  );
}

describe('signCustom', () => {
  // https://developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security (SIGNED example, HMAC)
  it("makes the signature of Binance's documented example, over the query and the timestamp in it", () => {
    const signed = signWith({
      auth: {
        algorithm: 'hmac-sha256',
        key: '${credential.secret}',
        message: '${request.query}${request.body}',
        timestamp: 'unix_milliseconds',
        headers: { 'x-mbx-apikey': '${credential.key}' },
        query: { timestamp: '${request.timestamp}', signature: '${request.signature}' },
      },
      credential: {
        key: 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A',
        secret: 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j',
      },
      request: {
        method: 'POST',
        path: '/api/v3/order?symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000',
      },
      nowMs: 1_499_827_319_559,
    });
    const signature = 'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71';
    expect(signed.path).toMatch(new RegExp(`&recvWindow=5000&timestamp=1499827319559&signature=${signature}$`));
    expect(signed.secrets).toEqual([signature]);
    expect(Object.keys(signed.headers)).toEqual(['x-mbx-apikey']);
  });

  // https://docs.cdp.coinbase.com/exchange/rest-api/authentication: base64(HMAC-SHA256(base64-decoded secret, prehash))
  it('signs as Coinbase Exchange documents it', () => {
    const secret = createHash('sha512').update('secret').digest('base64');
    const { headers, path } = signWith({
      auth: {
        algorithm: 'hmac-sha256',
        key: '${credential.secret}',
        keyEncoding: 'base64',
        message: '${request.timestamp}${request.method}${request.pathAndQuery}${request.body}',
        encoding: 'base64',
        headers: {
          'cb-access-key': '${credential.key}',
          'cb-access-sign': '${request.signature}',
          'cb-access-timestamp': '${request.timestamp}',
          'cb-access-passphrase': '${credential.passphrase}',
        },
      },
      credential: { key: 'k', secret, passphrase: 'p' },
      request: { method: 'post', path: '/orders?a=1', body: '{"size":"1.0"}' },
    });
    const prehash = '1700000000POST/orders?a=1{"size":"1.0"}';
    expect(headers).toEqual({
      'cb-access-key': 'k',
      'cb-access-sign': createHmac('sha256', Buffer.from(secret, 'base64')).update(prehash).digest('base64'),
      'cb-access-timestamp': '1700000000',
      'cb-access-passphrase': 'p',
    });
    expect(path).toBe('/orders?a=1');
  });

  // https://developer.walmart.com/doc/us/us-supplier/us-supplier-auth/: consumer id, timestamp and key version, a line each
  it('signs lines with RSA, as Walmart documents it, with a key of the integration', () => {
    const { headers } = signWith({
      auth: {
        algorithm: 'rsa-sha256',
        key: '${credential.privateKey}',
        message: '${credential.consumerId}\n${request.timestamp}\n${integration.app}\n',
        timestamp: 'unix_milliseconds',
        encoding: 'base64',
        headers: { 'wm_sec.auth_signature': '${request.signature}' },
      },
      credential: {
        consumerId: 'c1',
        privateKey: String(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })).replaceAll('\n', String.raw`\n`),
      },
    });
    const message = Buffer.from('c1\n1700000000987\napp-1\n');
    const signature = Buffer.from(headers['wm_sec.auth_signature'] ?? '', 'base64');
    expect(verify('sha256', message, rsa.publicKey, signature)).toBe(true);
  });

  it('signs with Ed25519 all that there is to say of a request', () => {
    const parts = ['method', 'url', 'path', 'query', 'host', 'bodySha256', 'timestamp', 'nonce'];
    const { headers } = signWith({
      auth: {
        algorithm: 'ed25519',
        key: '${credential.privateKey}',
        message: parts.map((part) => `\${request.${part}}`).join('|'),
        timestamp: 'iso8601',
        encoding: 'base64url',
        headers: { 'x-signature': 'v1 ${request.nonce}:${request.signature}' },
      },
      credential: { privateKey: String(ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' })) },
      request: { method: 'delete', path: '/a%20b?c=d', body: 'é' },
    });
    const [nonce, signature = ''] = (headers['x-signature'] ?? '').slice('v1 '.length).split(':');
    expect(nonce).toBe('nonce-1');
    expect(signature).toMatch(/^[\w-]{86}$/);
    const sha256 = createHash('sha256').update('é').digest('hex');
    const message = `DELETE|https://api.example:8443/a%20b?c=d|/a%20b|c=d|api.example:8443|${sha256}|2023-11-14T22:13:20.987Z|nonce-1`;
    expect(verify(null, Buffer.from(message), ed25519.publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  it.each([
    ['hmac-sha1', 'sha1'],
    ['hmac-sha512', 'sha512'],
  ])('signs the very bytes of a body by %s, with a text around that is not ASCII', (algorithm, digest) => {
    const { secrets } = signWith({
      auth: { algorithm, key: '${credential.key}', keyEncoding: 'hex', message: 'ä${request.body}${credential.name}' },
      credential: { key: 'c0ffee', name: 'ö' },
      request: { body: bytes },
    });
    const message = Buffer.concat([Buffer.from('ä'), bytes, Buffer.from('ö')]);
    expect(secrets).toEqual([createHmac(digest, Buffer.from('c0ffee', 'hex')).update(message).digest('hex')]);
  });

  it('puts new parameters in the place of those that a repeated address carries', () => {
    const auth = {
      algorithm: 'hmac-sha256',
      key: 'k',
      message: '${request.query}',
      query: { ts: '${request.timestamp}', sig: '${request.signature}' },
    };
    const first = signWith({ auth, credential: {}, request: { path: '/x?a=1' } });
    const again = signWith({ auth, credential: {}, request: { path: first.path ?? '' } });
    expect(again).toEqual(first);
    expect(signWith({ auth, credential: {}, request: { path: '/x?sig=old' } }).path).toMatch(/^\/x\?ts=\d+&sig=\w+$/);
  });

  it.each([
    ['a missing value', '${credential.nothing}', 'interpolation_failed'],
    ['a key that cannot be read', '${credential.secret}', 'credentials_invalid'],
  ])('refuses %s without showing the others', (_what, key, code) => {
    const attempt = (): unknown =>
      signWith({ auth: { algorithm: 'rsa-sha256', key, message: 'm' }, credential: { secret: 'hunter2' } });
    expect(attempt).toThrow(expect.objectContaining({ code }));
    expect(attempt).not.toThrow(/hunter2/);
  });
});
