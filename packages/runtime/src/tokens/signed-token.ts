import { randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { TenonError } from '../errors/tenon-error.ts';
import type { SignedToken } from '../provider/auth/signed-token.ts';
import { interpolate, interpolateAll, listPlaceholders, type InterpolationValues } from '../provider/interpolate.ts';
import type { Clock } from '../request/clock.ts';
import { readPrivateKey } from '../request/signing/read-private-key.ts';

/** Whose key it is decides who has to do something. */
function refuseKey({ key, algorithm }: SignedToken, problem: string): TenonError {
  const developers = listPlaceholders(key).some(({ reference }) => reference?.namespace === 'integration');
  return new TenonError(
    developers ? 'integration_misconfigured' : 'credentials_invalid',
    `No token can be signed with ${key} and ${algorithm}: ${problem}.`,
    {
      hint: algorithm.startsWith('HS')
        ? 'Expected a shared secret, in the encoding that the provider declares.'
        : 'Expected a private key in PEM of the kind that the algorithm needs, with no passphrase.',
    },
  );
}

function readKey(signedToken: SignedToken, values: InterpolationValues): KeyObject | Uint8Array {
  const text = interpolate(signedToken.key, values);
  if (signedToken.algorithm.startsWith('HS')) {
    const secret = Buffer.from(text, signedToken.keyEncoding);
    if (secret.length === 0) throw refuseKey(signedToken, `the secret is not ${signedToken.keyEncoding}`);
    return secret;
  }
  try {
    return readPrivateKey(text, signedToken.key);
  } catch {
    throw refuseKey(signedToken, 'the key cannot be read');
  }
}

/**
 * Makes and signs a JWT (RFC 7519). Its claims may name `${request.nonce}`, another one each time, and
 * `${request.timestamp}`, now in Unix seconds.
 * @returns the token, and when it ends in Unix milliseconds
 * @throws TenonError `integration_misconfigured` or `credentials_invalid` for a key that cannot sign, by whose key it
 *   is; `interpolation_failed` for a missing value
 */
export async function signToken(
  signedToken: SignedToken,
  values: InterpolationValues,
  clock: Pick<Clock, 'now'>,
): Promise<{ token: string; expiresAtMs: number }> {
  const now = Math.floor(clock.now() / 1_000);
  const all = { ...values, request: { nonce: randomUUID(), timestamp: String(now) } };
  const issuedAt = now - signedToken.issuedSecondsAgo;
  // Providers limit the span between the two claims (GitHub: ten minutes), so both are set back.
  const expiresAt = issuedAt + signedToken.lifetimeSeconds;
  const key = readKey(signedToken, all);
  const jwt = new SignJWT({
    ...interpolateAll(signedToken.claims, all),
    iat: issuedAt,
    exp: expiresAt,
  }).setProtectedHeader({
    typ: 'JWT',
    ...interpolateAll(signedToken.header, all),
    ...(signedToken.keyId !== undefined && { kid: interpolate(signedToken.keyId, all) }),
    alg: signedToken.algorithm,
  });
  try {
    return { token: await jwt.sign(key), expiresAtMs: expiresAt * 1_000 };
  } catch (error) {
    // A key of another kind or curve, or an RSA key that is too short; the library's message names no key.
    throw refuseKey(signedToken, error instanceof Error ? error.message : String(error));
  }
}
