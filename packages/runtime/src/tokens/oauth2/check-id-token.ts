import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { TenonError } from '../../errors/tenon-error.ts';
import { systemClock } from '../../request/clock.ts';
import { createExchangeError } from '../endpoint/endpoint-error.ts';
import { readAnswer } from '../endpoint/read-answer.ts';
import { sendExchange } from '../endpoint/send-exchange.ts';
import type { TokenContext } from '../token-context.ts';

export interface ExpectedIdToken {
  readonly jwksUrl: URL;
  readonly clientId: string;
  readonly nonce: string;
  /** Absent: the keys alone say whose it is (Microsoft Entra has an issuer for each tenant). */
  readonly issuer?: string | undefined;
}

/** RFC 7518 section 3.1: none of them, and no HMAC, whose key would be the client's own secret. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const clockToleranceSeconds = 60;

function isKeySet(values: object): values is JSONWebKeySet {
  return 'keys' in values && Array.isArray(values.keys);
}

async function fetchKeys(context: TokenContext, url: URL): Promise<JSONWebKeySet> {
  const report = await sendExchange(context, {
    endpoint: 'key set',
    repeat: 'safe',
    secrets: [],
    build: () => ({ method: 'GET', url, headers: {}, body: null }),
  });
  const { status, body, headers } = report.outcome;
  if (status >= 400) throw createExchangeError(report);
  const read = readAnswer(body, headers['content-type']);
  if (read.kind === 'values' && isKeySet(read.values)) return read.values;
  throw createExchangeError(report, {
    verdict: {
      code: 'provider_answer_invalid',
      text: 'is no JSON Web Key Set',
      hint: 'Check jwksUrl of the provider.',
    },
  });
}

function failIdToken(provider: string, problem: string): never {
  throw new TenonError('authorization_invalid', `The ID token of ${provider} was not meant for this: ${problem}.`, {
    hint: 'Connect again, from the beginning.',
  });
}

/**
 * Checks an ID token: OpenID Connect Core 1.0 section 3.1.3.7.
 * @returns its claims
 * @throws TenonError `authorization_invalid`, and what requests for the keys throw
 */
export async function checkIdToken(
  idToken: string,
  context: TokenContext,
  expected: ExpectedIdToken,
): Promise<JWTPayload> {
  const { displayName } = context.provider;
  const { clientId, nonce, issuer } = expected;
  const keys = createLocalJWKSet(await fetchKeys(context, expected.jwksUrl));
  const now = (context.clock ?? systemClock).now();
  let claims: JWTPayload;
  try {
    const verified = await jwtVerify(idToken, keys, {
      audience: clientId,
      algorithms,
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now),
      ...(issuer !== undefined && { issuer }),
    });
    claims = verified.payload;
  } catch (error) {
    // The library's messages name claims and never quote them.
    return failIdToken(displayName, error instanceof errors.JOSEError ? error.message : 'it cannot be read');
  }
  if (claims['nonce'] !== nonce) return failIdToken(displayName, 'its nonce is another one');
  const { azp } = claims;
  if (azp !== undefined && azp !== clientId) return failIdToken(displayName, 'it was issued to another client');
  return claims;
}
