import { createHash, createHmac, sign, type KeyObject } from 'node:crypto';
import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { interpolate, interpolateAll, type InterpolationValues } from '../../provider/interpolate.ts';
import { appendQuery } from '../address.ts';
import type { RequestSignature, SignableRequest, SigningMoment } from './request-signer.ts';

type SignatureAuth = AuthOf<'signature'>;

export interface CustomSignatureOptions {
  readonly auth: SignatureAuth;
  readonly values: InterpolationValues;
  /** Bytes of a shared secret, or a private key. */
  readonly key: Buffer | KeyObject;
}

const signaturePlaceholder = /\$\{\s*request\.signature\s*\}/;

function formatTimestamp(nowMs: number, format: SignatureAuth['timestamp']): string {
  if (format === 'iso8601') return new Date(nowMs).toISOString();
  return String(format === 'unix_seconds' ? Math.floor(nowMs / 1_000) : nowMs);
}

function computeSignature(message: Buffer, algorithm: SignatureAuth['algorithm'], key: Buffer | KeyObject): Buffer {
  switch (algorithm) {
    case 'rsa-sha256':
    case 'ed25519':
      // RFC 8032: Ed25519 hashes by itself.
      return sign(algorithm === 'ed25519' ? null : 'sha256', message, asPrivateKey(key));
    default:
      return createHmac(algorithm.slice('hmac-'.length), key).update(message).digest();
  }
}

function asPrivateKey(key: Buffer | KeyObject): KeyObject {
  if (Buffer.isBuffer(key)) throw new TypeError('A private key was expected.');
  return key;
}

/** A redirect may repeat the query of the request that it answers; its timestamp is not good any more. */
function removeQuery(path: string, names: readonly string[]): string {
  const question = path.indexOf('?');
  if (question === -1) return path;
  const kept = path
    .slice(question + 1)
    .split('&')
    .filter((part) => names.every((name) => !new URLSearchParams(part).has(name)));
  return kept.length === 0 ? path.slice(0, question) : `${path.slice(0, question)}?${kept.join('&')}`;
}

/** What templates may name of a request; a body of megabytes is only hashed where they do. */
function describeRequest(
  request: SignableRequest,
  { moment, auth, signature }: { moment: SigningMoment; auth: SignatureAuth; signature?: string },
): Record<string, string> {
  const { method, origin, path, body } = request;
  const question = path.indexOf('?');
  return {
    method: method.toUpperCase(),
    url: origin + path,
    path: question === -1 ? path : path.slice(0, question),
    query: question === -1 ? '' : path.slice(question + 1),
    pathAndQuery: path,
    host: new URL(origin).host,
    get body() {
      return Buffer.from(body ?? '').toString('utf8');
    },
    get bodySha256() {
      const hash = createHash('sha256').update(body ?? '');
      return hash.digest('hex');
    },
    timestamp: formatTimestamp(moment.nowMs, auth.timestamp),
    nonce: moment.nonce,
    ...(signature !== undefined && { signature }),
  };
}

/** Fills the message as bytes: a body need not be text, and is signed as it is sent. */
function createMessage(template: string, values: InterpolationValues, body: SignableRequest['body']): Buffer {
  const toBytes = (text: string | Uint8Array): string => Buffer.from(text).toString('latin1');
  const bytes = interpolate(toBytes(template), values, (value, { name }) =>
    toBytes(name === 'request.body' ? (body ?? '') : value),
  );
  return Buffer.from(bytes, 'latin1');
}

/**
 * Signs a request as the provider's data says. Parameters of the query that do not hold the signature are added before
 * the message is made, so that it covers them (a timestamp); those that do, after.
 * @throws TenonError `interpolation_failed`
 */
export function signCustom(
  request: SignableRequest,
  { auth, values, key }: CustomSignatureOptions,
  moment: SigningMoment,
): RequestSignature {
  const query = Object.entries(auth.query);
  const holdsSignature = ([, text]: readonly [string, string]): boolean => signaturePlaceholder.test(text);
  const covered = Object.fromEntries(query.filter((parameter) => !holdsSignature(parameter)));
  const late = Object.fromEntries(query.filter(holdsSignature));

  const ownPath = removeQuery(request.path, Object.keys(auth.query));
  const plain = { ...values, request: describeRequest(request, { moment, auth }) };
  const path = appendQuery(ownPath, interpolateAll(covered, plain));
  const described = describeRequest({ ...request, path }, { moment, auth });
  const message = createMessage(auth.message, { ...values, request: described }, request.body);
  const signature = computeSignature(message, auth.algorithm, key).toString(auth.encoding);
  const signed = { ...values, request: describeRequest({ ...request, path }, { moment, auth, signature }) };
  return {
    headers: interpolateAll(auth.headers, signed),
    path: appendQuery(path, interpolateAll(late, signed)),
    secrets: [signature],
  };
}
