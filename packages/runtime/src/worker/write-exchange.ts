import { isUtf8 } from 'node:buffer';
import type { Capture } from '../contract/api/captures.ts';
import { isSensitiveName } from '../request/redact.ts';
import type { KeptExchange } from './exchange-buffer.ts';

type Exchange = Capture['exchanges'][number];

/** JavaScript's numbers would change it: such a body is kept as text. */
const longNumber = /[:,[\s]-?\d{16,}/;

/** An exchange as recordings spell it. undefined: the provider did not answer. */
export function writeExchange(
  { exchange, cut }: KeptExchange,
  redactText: (text: string) => string,
): Exchange | undefined {
  const { sent, outcome, ownHeaders } = exchange;
  if (outcome.kind !== 'answer') return undefined;
  const headers = keepHeaders(pickOwn(sent.headers, ownHeaders), redactText);
  const request = cut.request ? undefined : writeBody(sent.body, { type: sent.headers['content-type'], redactText });
  const response = cut.response
    ? undefined
    : writeBody(outcome.body, { type: outcome.headers['content-type'], redactText });
  return {
    request: {
      method: sent.method,
      path: redactText(sent.unsignedPath ?? sent.path),
      ...(Object.keys(headers).length > 0 && { headers }),
      // What is no text is not compared when it is replayed.
      ...(request && 'body' in request && { body: request.body }),
    },
    response: { status: outcome.status, headers: keepHeaders(outcome.headers, redactText), ...response },
  };
}

/** What the provider's facts and the engine add is added again by whoever replays, with other credentials. */
function pickOwn(
  sent: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = Object.keys(own).concat('content-type');
  return Object.fromEntries(names.flatMap((name) => (sent[name] === undefined ? [] : [[name, sent[name]]])));
}

/** Without those that hold a secret: a header that is not there is not compared. */
function keepHeaders(
  headers: Readonly<Record<string, string>>,
  redactText: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !isSensitiveName(name))
      .map(([name, value]) => [name, redactText(value)]),
  );
}

function writeBody(
  body: string | Uint8Array | null,
  { type = '', redactText }: { type?: string | undefined; redactText: (text: string) => string },
): { body: unknown } | { bodyBase64: string } | undefined {
  if (body === null || body.length === 0) return undefined;
  if (typeof body !== 'string' && !isUtf8(body)) {
    // Its text, read byte by byte, may still hold what must not be shown.
    const latin = Buffer.from(body).toString('latin1');
    return redactText(latin) === latin
      ? { bodyBase64: Buffer.from(body).toString('base64') }
      : { body: redactText(latin) };
  }
  const text = redactText(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return { body: Object.fromEntries(new URLSearchParams(text)) };
  }
  if (longNumber.test(text)) return { body: text };
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    return { body: text };
  }
}
