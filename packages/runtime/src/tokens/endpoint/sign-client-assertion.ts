import type { SignedToken } from '../../provider/auth/signed-token.ts';
import type { InterpolationValues } from '../../provider/interpolate.ts';
import type { Clock } from '../../request/clock.ts';
import { readPrivateKey } from '../../request/signing/read-private-key.ts';
import { signToken } from '../signed-token.ts';
import { failClient, type TokenClient } from './token-client.ts';

type Algorithm = SignedToken['algorithm'];

export interface AssertionFacts {
  readonly method: 'private_key_jwt' | 'client_secret_jwt';
  readonly clientId: string;
  readonly audience: string;
  readonly algorithm?: Algorithm | undefined;
  /** Templates. */
  readonly header: Readonly<Record<string, string>>;
  readonly values: InterpolationValues;
  readonly clock: Pick<Clock, 'now'>;
}

/** Used at once; the rest is for clocks that differ. */
const lifetimeSeconds = 120;

/** What a key of this kind signs with where the provider leaves it open (RFC 7518 section 3.1, RFC 8037). */
function chooseAlgorithm(privateKey: string): Algorithm {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = readPrivateKey(privateKey, 'It');
    if (asymmetricKeyType === 'ed25519') return 'EdDSA';
    if (asymmetricKeyType === 'ec') return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : 'ES256';
    return 'RS256';
  } catch {
    return 'RS256'; // Signing says what is wrong with the key, and whose it is.
  }
}

/** Makes the statement that authenticates a client (RFC 7523 section 3); another one each time, as it may be used once only. */
export async function signClientAssertion(client: TokenClient, facts: AssertionFacts): Promise<string> {
  const { method, algorithm, values, clientId, audience } = facts;
  const withKey = method === 'private_key_jwt';
  const key = withKey ? client.privateKey : client.clientSecret;
  if (key === undefined) return failClient(client.owner, withKey ? 'private key' : 'client secret');
  const ownKey = withKey ? '${integration.privateKey}' : '${integration.clientSecret}';
  const { token } = await signToken(
    {
      algorithm: algorithm ?? (withKey ? chooseAlgorithm(key) : 'HS256'),
      key: client.owner === 'integration' ? ownKey : '${credential.clientSecret}',
      keyEncoding: 'utf8',
      ...(client.keyId !== undefined && { keyId: '${integration.keyId}' }),
      header: { ...facts.header },
      claims: { iss: '${step.clientId}', sub: '${step.clientId}', aud: '${step.audience}', jti: '${request.nonce}' },
      lifetimeSeconds,
      issuedSecondsAgo: 0,
    },
    { ...values, step: { clientId, audience } },
    facts.clock,
  );
  return token;
}
