import { createHmac, sign, type KeyObject } from 'node:crypto';
import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { encodeRfc3986 } from './encode-rfc3986.ts';
import { readPrivateKey } from './read-private-key.ts';
import type { RequestSignature, SignableRequest, SigningMoment } from './request-signer.ts';

export interface Oauth1Keys {
  readonly signatureMethod: AuthOf<'oauth1'>['signatureMethod'];
  readonly consumerKey: string;
  /** With RSA-SHA1: the private key. */
  readonly consumerSecret: string | KeyObject;
  /** Absent while a temporary one is asked for. */
  readonly token?: string;
  readonly tokenSecret?: string;
  readonly realm?: string | undefined;
  /** More of the protocol, such as oauth_callback and oauth_verifier. */
  readonly parameters?: Readonly<Record<string, string>>;
}

type Parameter = readonly [name: string, value: string];

function isForm(headers: SignableRequest['headers']): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
}

/** RFC 5849 section 3.4.1.3.1: the query, the protocol's parameters, and a body that is a form. */
function collectParameters({ path, headers, body }: SignableRequest, protocol: readonly Parameter[]): Parameter[] {
  const query = path.indexOf('?');
  const form = body !== null && isForm(headers) ? Buffer.from(body).toString('utf8') : '';
  return [...new URLSearchParams(query === -1 ? '' : path.slice(query + 1)), ...protocol, ...new URLSearchParams(form)];
}

/** Section 3.4.1.3.2: by encoded name, then by encoded value; duplicates stay. */
function normaliseParameters(parameters: readonly Parameter[]): string {
  const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  return parameters
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]))
    .map((pair) => pair.join('='))
    .join('&');
}

/** Section 3.4.1.1. The origin comes from `URL`: in lower case and without a default port, as 3.4.1.2 wants it. */
export function createBaseString(request: SignableRequest, protocol: readonly Parameter[]): string {
  const address = request.origin + (request.path.split('?', 1)[0] ?? '');
  const parts = [request.method.toUpperCase(), address, normaliseParameters(collectParameters(request, protocol))];
  return parts.map(encodeRfc3986).join('&');
}

function computeSignature(baseString: () => string, keys: Oauth1Keys): string {
  const { consumerSecret, signatureMethod, tokenSecret = '' } = keys;
  if (signatureMethod === 'RSA-SHA1') {
    const key =
      typeof consumerSecret === 'string' ? readPrivateKey(consumerSecret, 'The consumer secret') : consumerSecret;
    return sign('RSA-SHA1', Buffer.from(baseString()), key).toString('base64');
  }
  const key = `${encodeRfc3986(String(consumerSecret))}&${encodeRfc3986(tokenSecret)}`;
  if (signatureMethod === 'PLAINTEXT') return key;
  return createHmac(signatureMethod === 'HMAC-SHA1' ? 'sha1' : 'sha256', key)
    .update(baseString())
    .digest('base64');
}

/** Signs a request by OAuth 1.0a (RFC 5849 section 3); everything goes into the Authorization header (3.5.1). */
export function signOauth1(request: SignableRequest, keys: Oauth1Keys, moment: SigningMoment): RequestSignature {
  const protocol: Parameter[] = [
    ['oauth_consumer_key', keys.consumerKey],
    ...(keys.token === undefined ? [] : [['oauth_token', keys.token] as const]),
    ['oauth_signature_method', keys.signatureMethod],
    ['oauth_timestamp', String(Math.floor(moment.nowMs / 1_000))],
    ['oauth_nonce', moment.nonce],
    ['oauth_version', '1.0'],
    ...Object.entries(keys.parameters ?? {}),
  ];
  const signature = computeSignature(() => createBaseString(request, protocol), keys);
  // Section 3.4.1.3.1 keeps the realm out of what is signed.
  const realm = keys.realm === undefined ? [] : [`realm="${keys.realm.replaceAll(/["\\]/g, String.raw`\$&`)}"`];
  const written = [...protocol, ['oauth_signature', signature] as const].map(
    ([name, value]) => `${encodeRfc3986(name)}="${encodeRfc3986(value)}"`,
  );
  return { headers: { authorization: `OAuth ${[...realm, ...written].join(', ')}` }, secrets: [signature] };
}
