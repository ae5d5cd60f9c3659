import type { RecordedExchange } from './exchange.ts';
import { equals, equalsText, parsePath, readSentBody, type SentRequest } from './match-exchange.ts';

/** What a script makes of the clock or of chance: times, Unix times in seconds or milliseconds, UUIDs. */
const volatile =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d{13}\b|\b\d{10}\b/gi;

/** As long as a run may take. */
const maxDriftMs = 3_600_000;

/**
 * The recorded request with the times and ids of the one that a replay sent, if they differ in nothing else: under the
 * replay's clock, the script would never ask again as it did at the moment of the recording.
 * @returns undefined: they differ in more
 */
export function adoptRequest(
  { request }: RecordedExchange,
  sent: SentRequest,
): RecordedExchange['request'] | undefined {
  if (request.method.toUpperCase() !== sent.method) return undefined;
  const path = adoptPath(request.path, sent.path);
  if (path === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const taken = adoptText(value, sent.headers[name.toLowerCase()] ?? '');
    if (taken === undefined) return undefined;
    headers[name] = taken;
  }
  const sentBody = typeof request.body === 'string' ? sent.body : readSentBody(sent);
  const body = request.body === undefined ? { value: undefined } : adoptValue(request.body, sentBody);
  if (body === undefined) return undefined;
  return {
    ...request,
    path,
    ...(request.headers && { headers }),
    ...(request.body !== undefined && { body: body.value }),
  };
}

function adoptPath(recorded: string, sent: string): string | undefined {
  const [own, other] = [parsePath(recorded), parsePath(sent)];
  const pathname = adoptText(own.pathname, other.pathname);
  if (pathname === undefined || own.query.length !== other.query.length) return undefined;
  const query = new URLSearchParams();
  for (const [index, [name, value]] of own.query.entries()) {
    const [otherName, otherValue] = other.query[index] ?? ['', ''];
    const taken = name === otherName ? adoptText(value, otherValue) : undefined;
    if (taken === undefined) return undefined;
    query.append(name, taken);
  }
  if (own.query.length === 0) return pathname;
  // Readable in the file, and not to be taken for another text by whoever looks for what is redacted.
  return `${pathname}?${query.toString().replaceAll('%5Bredacted%5D', '[redacted]')}`;
}

function adoptText(recorded: string, sent: string): string | undefined {
  if (equalsText(recorded, sent)) return recorded;
  if (recorded.replaceAll(volatile, '\0') !== sent.replaceAll(volatile, '\0')) return undefined;
  const [own, other] = [recorded.match(volatile) ?? [], sent.match(volatile) ?? []];
  return own.every((value, index) => isNear(value, other[index] ?? '')) ? sent : undefined;
}

function isNear(one: string, other: string): boolean {
  const [a, b] = [toTime(one), toTime(other)];
  // Of UUIDs, any is as good as another.
  if (a === undefined || b === undefined) return a === b;
  return Math.abs(a - b) <= maxDriftMs;
}

function toTime(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * (text.length === 10 ? 1_000 : 1);
  return /^\d{4}-\d\d-\d\d[T ]/.test(text) ? Date.parse(text) : undefined;
}

function adoptValue(recorded: unknown, sent: unknown): { value: unknown } | undefined {
  if (equals(recorded, sent)) return { value: recorded };
  if (typeof recorded === 'string' && typeof sent === 'string') {
    const text = adoptText(recorded, sent);
    return text === undefined ? undefined : { value: text };
  }
  if (typeof recorded === 'number' && typeof sent === 'number') {
    return adoptText(String(recorded), String(sent)) === undefined ? undefined : { value: sent };
  }
  if (typeof recorded !== 'object' || typeof sent !== 'object' || recorded === null || sent === null) return undefined;
  if (Array.isArray(recorded) !== Array.isArray(sent)) return undefined;
  const taken: Record<string, unknown> = {};
  if (Object.keys(recorded).length !== Object.keys(sent).length) return undefined;
  for (const [name, value] of Object.entries(recorded)) {
    const adopted = Object.hasOwn(sent, name) ? adoptValue(value, Reflect.get(sent, name)) : undefined;
    if (adopted === undefined) return undefined;
    taken[name] = adopted.value;
  }
  return { value: Array.isArray(recorded) ? Object.values(taken) : taken };
}
