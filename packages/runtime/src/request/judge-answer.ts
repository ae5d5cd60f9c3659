import type { ProviderResponse, RequestOptions } from '../define/script-requests.ts';
import { readPath } from '../provider/read-path.ts';
import type { Provider } from '../provider/provider-schema.ts';
import { isRateLimited, type AttemptFailure } from './retry-timing.ts';
import type { FollowedOutcome } from './follow-redirects.ts';
import { saysFailure } from './says-failure.ts';

/** What an attempt's outcome means for the call. */
export type Verdict =
  | { readonly kind: 'done'; readonly response: ProviderResponse }
  | { readonly kind: 'unauthorized'; readonly providerMessage?: string }
  | { readonly kind: 'failed'; readonly failure: AttemptFailure; readonly providerMessage?: string }
  /** Not the JSON that was asked for. */
  | { readonly kind: 'unreadable'; readonly problem: string };

function readData(body: Buffer, responseType: RequestOptions['responseType']): unknown {
  if (responseType === 'bytes') return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  const text = body.toString('utf8');
  if (responseType === 'text') return text;
  if (text === '') return undefined;
  // RFC 8259 section 8.1: a parser may ignore a byte order mark; .NET services send them.
  return JSON.parse(text.charCodeAt(0) === 0xfe_ff ? text.slice(1) : text);
}

/** Reads an answer as the provider's facts say: status, rate limit, refusal, and an error inside of a 200. */
export function judgeAnswer(
  provider: Provider,
  { outcome, elsewhere }: FollowedOutcome,
  responseType: RequestOptions['responseType'],
): Verdict {
  if (outcome.kind !== 'answer') return { kind: 'failed', failure: outcome };
  const { status, headers } = outcome;
  if (status >= 400) {
    if (status === 401 && !elsewhere) return { kind: 'unauthorized' };
    const rateLimited = isRateLimited(provider.retry, status, headers);
    return { kind: 'failed', failure: { kind: 'status', status, headers, rateLimited } };
  }
  let data: unknown;
  try {
    data = readData(outcome.body, responseType);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'unreadable', problem: `${headers['content-type'] ?? 'no content type'}; ${reason}` };
  }
  const { bodyError } = provider;
  if (bodyError && (responseType ?? 'json') === 'json' && saysFailure(data, bodyError)) {
    const providerMessage = String(readPath(data, bodyError.messagePath) ?? 'no message');
    if (bodyError.unauthorized.includes(providerMessage)) return { kind: 'unauthorized', providerMessage };
    const rateLimited = bodyError.rateLimited.includes(providerMessage);
    return { kind: 'failed', failure: { kind: 'status', status, headers, rateLimited }, providerMessage };
  }
  return { kind: 'done', response: { status, headers, data } };
}
