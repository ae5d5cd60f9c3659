import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { signedTokenSchema } from '../provider/auth/signed-token.ts';
import { signToken } from './signed-token.ts';

const nowMs = Date.UTC(2030, 0, 1);
const clock = { now: () => nowMs + 999 };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ec256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ec384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const ed25519 = generateKeyPairSync('ed25519');

const declare = (changes: object) =>
  signedTokenSchema.parse({ algorithm: 'RS256', key: '${integration.privateKey}', ...changes });
const withKey = (privateKey: string) => ({ integration: { privateKey, appId: 'app-1' }, connection: { team: 't' } });
const currentDate = new Date(nowMs);

describe('signToken', () => {
  it.each([
    ['RS256', rsa, 'pkcs8'],
    ['RS384', rsa, 'pkcs1'],
    ['RS512', rsa, 'pkcs1'],
    ['PS256', rsa, 'pkcs8'],
    ['ES256', ec256, 'sec1'],
    ['ES384', ec384, 'pkcs8'],
    ['EdDSA', ed25519, 'pkcs8'],
  ] as const)('signs by %s so that the public key verifies it (%#: %s)', async (algorithm, pair, type) => {
    const pem = String(pair.privateKey.export({ type: type as 'pkcs8', format: 'pem' }));
    for (const key of [pem, pem.replaceAll('\n', String.raw`\n`)]) {
      const { token } = await signToken(declare({ algorithm }), withKey(key), clock);
      await jwtVerify(token, pair.publicKey, { algorithms: [algorithm], currentDate });
      if (pair === rsa)
        await expect(jwtVerify(token, otherRsa.publicKey, { currentDate })).rejects.toThrow(/signature/);
    }
  });

  const secret = Buffer.from('a shared secret of more than thirty-two bytes, as RFC 7518 wants');
  it.each(['utf8', 'hex', 'base64'] as const)('signs with a shared secret in %s', async (keyEncoding) => {
    for (const algorithm of ['HS256', 'HS384', 'HS512']) {
      const declared = declare({ algorithm, keyEncoding });
      const { token } = await signToken(declared, withKey(secret.toString(keyEncoding)), clock);
      await jwtVerify(token, secret, { algorithms: [algorithm], currentDate });
    }
  });

  it('fills header and claims, and sets both times back', async () => {
    const declared = declare({
      algorithm: 'HS256',
      keyId: '${integration.appId}',
      header: { typ: 'X', alg: 'none' },
      claims: {
        iss: '${integration.appId}',
        aud: 'https://${connection.team}.example',
        exp: '1',
        jti: '${request.nonce}',
      },
      lifetimeSeconds: 600,
      issuedSecondsAgo: 60,
    });
    const { token, expiresAtMs } = await signToken(declared, withKey(secret.toString()), clock);
    const { payload } = await jwtVerify(token, secret, { currentDate });
    const iat = nowMs / 1_000 - 60;
    expect(payload).toEqual({
      iss: 'app-1',
      aud: 'https://t.example',
      iat,
      exp: iat + 600,
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(expiresAtMs).toBe((iat + 600) * 1_000);
    expect(decodeProtectedHeader(token)).toEqual({ typ: 'X', alg: 'HS256', kid: 'app-1' });
    const again = await signToken(declared, withKey(secret.toString()), clock);
    expect((await jwtVerify(again.token, secret, { currentDate })).payload.jti).not.toBe(payload.jti);
  });

  const ecPem = String(ec256.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const shortPem = String(
    generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  it.each([
    ['no key at all', 'RS256', 'hunter2-not-a-key'],
    ['a key of another kind', 'RS256', ecPem],
    ['a key of another curve', 'ES384', ecPem],
    ['an RSA key that is too short', 'RS256', shortPem],
  ])('refuses %s without showing it, and says whose it is', async (_what, algorithm, key) => {
    const errors = [
      await failureOf(signToken(declare({ algorithm }), withKey(key), clock)),
      await failureOf(signToken(declare({ algorithm, key: '${credential.key}' }), { credential: { key } }, clock)),
    ];
    expect(errors).toMatchObject([{ code: 'integration_misconfigured' }, { code: 'credentials_invalid' }]);
    const secretPart = key.split('\n')[1] ?? key;
    for (const error of errors) expect(describeFully(error)).not.toContain(secretPart);
  });

  it('names a value that is missing', async () => {
    const failure = signToken(declare({ claims: { sub: '${connection.user}' } }), withKey(ecPem), clock);
    await expect(failure).rejects.toMatchObject({ code: 'interpolation_failed', message: /connection\.user/ });
  });
});

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof Error) return outcome;
  throw new Error('Expected a failure.');
}

function describeFully(error: Error): string {
  return JSON.stringify(error) + String(error) + String(error.cause);
}
