import { request, type Dispatcher } from 'undici';
import { TenonError } from '@tenon/runtime/errors';
import type { ClaimedDelivery } from './claim-deliveries.ts';
import { deliveryTimeoutMs } from './delivery-schedule.ts';
import { signDelivery } from './sign-delivery.ts';

/** Some receivers explain themselves; more than this is a web page. */
const shownAnswerCharacters = 200;

export type DeliveryOutcome =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly status: number | null; readonly error: string; readonly askedMs?: number };

/**
 * Makes one attempt. Any 2xx is a success; redirects are not followed, as the new address was never agreed on.
 * Never rejects for what the receiver does.
 */
export async function sendDelivery(
  delivery: ClaimedDelivery,
  options: { dispatcher: Dispatcher; secrets: readonly string[]; nowMs: number; signal: AbortSignal },
): Promise<DeliveryOutcome> {
  const { dispatcher, secrets, nowMs, signal } = options;
  const body = JSON.stringify({
    id: delivery.event_id,
    type: delivery.type,
    timestamp: delivery.created_at.toISOString(),
    environment: delivery.environment,
    data: delivery.data,
  });
  const signed = signDelivery({ id: delivery.event_id, timestamp: Math.floor(nowMs / 1_000), body }, secrets);
  try {
    const answer = await request(delivery.url, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'tenon', ...signed },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(deliveryTimeoutMs)]),
      headersTimeout: deliveryTimeoutMs,
      bodyTimeout: deliveryTimeoutMs,
    });
    const { statusCode: status, headers } = answer;
    const text = await readStart(answer.body);
    if (status >= 200 && status < 300) return { ok: true, status };
    const askedMs = readRetryAfter(headers['retry-after'], nowMs);
    const error = `The receiver answered ${status}${text === '' ? '' : `: ${text}`}.`;
    return { ok: false, status, error, ...(askedMs === undefined ? {} : { askedMs }) };
  } catch (error) {
    return { ok: false, status: null, error: describeFailure(error) };
  }
}

/** The first characters of an answer; the rest is thrown away with the connection. */
async function readStart(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString('utf8');
    if (text.length >= shownAnswerCharacters) break;
  }
  return text.replaceAll(/\s+/g, ' ').slice(0, shownAnswerCharacters).trim();
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3). */
function readRetryAfter(header: string | string[] | undefined, nowMs: number): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function describeFailure(error: unknown): string {
  if (error instanceof TenonError) return error.message;
  if (!(error instanceof Error)) return 'The request failed.';
  if (error.name === 'TimeoutError' || /timeout/i.test(error.name)) {
    return `The receiver did not answer within ${deliveryTimeoutMs / 1_000} s.`;
  }
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `The receiver could not be reached${code}.`;
}
