import { createHash, createHmac } from 'node:crypto';
import { encodeRfc3986 } from './encode-rfc3986.ts';
import type { RequestSignature, SignableRequest, SigningMoment } from './request-signer.ts';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken?: string | undefined;
  readonly region: string;
  /** The service's signing name. */
  readonly service: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** Proxies and the connection itself may change these on the way, so AWS's own SDKs leave them unsigned too. */
const unsignedHeaders = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'cache-control',
  'connection',
  'content-length',
  'expect',
  'from',
  'keep-alive',
  'max-forwards',
  'pragma',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
]);

function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign that begins no escape stands for itself.
  }
}

/** RFC 3986 section 5.2.4, and one slash for several. */
function removeDotSegments(segments: readonly string[]): string[] {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(segment);
  }
  return kept;
}

/**
 * S3's keys may be any text, so its paths are signed as they are, encoded once; other services normalise the path and
 * sign it encoded a second time.
 */
function canonicalisePath(path: string, service: string): string {
  if (service === 's3') {
    const key = path.split('/').map(decode).join('/');
    return key.split('/').map(encodeRfc3986).join('/');
  }
  const segments = removeDotSegments(path.split('/'));
  const slash = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.map(encodeRfc3986).join('/')}${slash}`;
}

function canonicaliseQuery(query: string): string {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const name = equals === -1 ? part : part.slice(0, equals);
      return [name, equals === -1 ? '' : part.slice(equals + 1)].map((text) => encodeRfc3986(decode(text)));
    })
    .map(([name = '', value = '']) => ({ name, value }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** 20150830T123600Z */
function formatTime(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
}

/** What is signed of a request, in the one form that both sides can make. */
function createCanonicalRequest(
  request: SignableRequest,
  headers: Readonly<Record<string, string>>,
  { service, bodyHash }: { service: string; bodyHash: string },
): { text: string; signedHeaders: string } {
  const [path = '', ...query] = request.path.split('?');
  const signed = Object.entries(headers)
    .filter(([name]) => !unsignedHeaders.has(name))
    .sort(([a], [b]) => compare(a, b));
  const signedHeaders = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value.trim().replaceAll(/\s+/g, ' ')}\n`).join('');
  const text = [
    request.method.toUpperCase(),
    canonicalisePath(path, service),
    canonicaliseQuery(query.join('?')),
    lines,
    signedHeaders,
    bodyHash,
  ].join('\n');
  return { text, signedHeaders };
}

/**
 * Signs a request by AWS Signature Version 4, in headers.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signAwsSigv4(request: SignableRequest, keys: AwsKeys, { nowMs }: SigningMoment): RequestSignature {
  const { accessKeyId, secretAccessKey, sessionToken, region, service } = keys;
  // A plus means a space in forms and itself elsewhere; AWS and its libraries differ. A space that is written out does not.
  const question = request.path.indexOf('?');
  const path =
    question === -1
      ? request.path
      : request.path.slice(0, question) + request.path.slice(question).replaceAll('+', '%20');
  const time = formatTime(nowMs);
  const date = time.slice(0, 8);
  const bodyHash = hash(request.body ?? '');
  const added: Record<string, string> = {
    'x-amz-date': time,
    ...(service === 's3' && { 'x-amz-content-sha256': bodyHash }),
    ...(sessionToken !== undefined && sessionToken !== '' && { 'x-amz-security-token': sessionToken }),
  };
  const host = request.headers['host'] ?? new URL(request.origin).host;
  const { text, signedHeaders } = createCanonicalRequest(
    { ...request, path },
    { ...request.headers, host, ...added },
    { service, bodyHash },
  );
  const scope = `${date}/${region}/${service}/aws4_request`;
  const signingKey = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, date));
  const signature = hmac(signingKey, [algorithm, time, scope, hash(text)].join('\n')).toString('hex');
  const authorization = `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return { headers: { ...added, authorization }, path, secrets: [signature] };
}
