import type { Provider } from '../provider/provider-schema.ts';

/** What an answer says of the provider's limit. */
export interface RateFacts {
  /** Calls in a window. */
  readonly limit?: number;
  readonly remaining?: number;
  /** Unix time in milliseconds, by this machine's clock. */
  readonly resetAtMs?: number;
  readonly retryAfterMs?: number;
}

interface Answer {
  readonly headers: Readonly<Record<string, string>>;
  /** Unix time in milliseconds. */
  readonly nowMs: number;
}

const plainNumber = /^\d+(\.\d+)?$/;

function readNumber(value: string | undefined): number | undefined {
  const text = value?.trim() ?? '';
  return plainNumber.test(text) ? Number(text) : undefined;
}

/** RFC 9110 section 10.2.3: seconds or an HTTP date. Some providers send fractions of seconds. */
function readWait(value: string, { headers, nowMs }: Answer): number | undefined {
  const seconds = readNumber(value);
  if (seconds !== undefined) return Math.ceil(seconds * 1_000);
  const at = Date.parse(value.trim());
  return Number.isNaN(at) ? undefined : Math.max(0, at - providerNow({ headers, nowMs }));
}

/** The provider's clock, so that a skewed one of this machine does no harm. Never ahead of what its Date header says. */
function providerNow({ headers, nowMs }: Answer): number {
  const date = Date.parse(headers['date'] ?? '');
  return Number.isNaN(date) ? nowMs : date;
}

function readReset(
  value: string,
  { unit, answer }: { unit: Provider['retry']['resetUnit']; answer: Answer },
): number | undefined {
  const { nowMs } = answer;
  const number = readNumber(value);
  if (unit === 'date') {
    const at = Date.parse(value.trim());
    return Number.isNaN(at) ? undefined : nowMs + at - providerNow(answer);
  }
  if (number === undefined) return undefined;
  if (unit === 'seconds') return Math.ceil(nowMs + number * 1_000);
  if (unit === 'ms') return Math.ceil(nowMs + number);
  return Math.ceil(nowMs + (unit === 'unix-ms' ? number : number * 1_000) - providerNow(answer));
}

interface Told {
  limit?: number | undefined;
  remaining?: number | undefined;
  resetAtMs?: number | undefined;
}

function readDeclared(policy: Provider['retry'], answer: Answer): Told {
  const { headers } = answer;
  const reset = policy.resetHeader === undefined ? undefined : headers[policy.resetHeader];
  return {
    limit: policy.limitHeader === undefined ? undefined : readNumber(headers[policy.limitHeader]),
    remaining: policy.remainingHeader === undefined ? undefined : readNumber(headers[policy.remainingHeader]),
    resetAtMs: reset === undefined ? undefined : readReset(reset, { unit: policy.resetUnit, answer }),
  };
}

/**
 * The IETF draft's fields: `RateLimit: "default";r=50;t=30` and `RateLimit-Policy: "default";q=100;w=60`, or in its
 * first versions `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds from now). Of several policies, the one that has
 * the fewest calls left.
 */
function readDraft({ headers, nowMs }: Answer): Told {
  const field = headers['ratelimit'];
  if (field === undefined) {
    const seconds = readNumber(headers['ratelimit-reset']);
    // Some send a Unix time under this name; a window of 30 years is none.
    const resetAtMs = seconds === undefined || seconds > 1e9 ? undefined : Math.ceil(nowMs + seconds * 1_000);
    return {
      limit: readNumber(headers['ratelimit-limit']?.split(/[,;]/)[0]),
      remaining: readNumber(headers['ratelimit-remaining']),
      resetAtMs,
    };
  }
  const policies = new Map(splitList(headers['ratelimit-policy'] ?? '').map((item) => [item.name, item.parameters]));
  let scarcest: Told = {};
  for (const { name, parameters } of splitList(field)) {
    const remaining = readNumber(parameters.get('r') ?? parameters.get('remaining'));
    const seconds = readNumber(parameters.get('t') ?? parameters.get('reset'));
    if (remaining === undefined || remaining >= (scarcest.remaining ?? Infinity)) continue;
    const limit = readNumber(policies.get(name)?.get('q') ?? parameters.get('limit'));
    scarcest = { limit, remaining, resetAtMs: seconds === undefined ? undefined : Math.ceil(nowMs + seconds * 1_000) };
  }
  return scarcest;
}

interface ListItem {
  readonly name: string;
  readonly parameters: Map<string, string>;
}

/**
 * Structured fields (RFC 9651) as far as these headers use them: `"name";a=1;b=2, "other";a=3`. Earlier drafts had no
 * names: `limit=100, remaining=40, reset=20` is one item.
 */
function splitList(field: string): ListItem[] {
  const items: ListItem[] = [];
  for (const text of field.split(',')) {
    const parts = text.split(';').map((part) => part.trim());
    const isNamed = !parts[0]?.includes('=');
    const last = items.at(-1);
    const item =
      !isNamed && last?.name === '' ? last : { name: isNamed ? (parts[0] ?? '') : '', parameters: new Map() };
    if (item !== last) items.push(item);
    for (const part of isNamed ? parts.slice(1) : parts) {
      const [name = '', value = ''] = part.split('=');
      item.parameters.set(name.trim().toLowerCase(), value.trim());
    }
  }
  return items;
}

/** Reads what an answer's headers say of the limit: those that the provider's facts name, else the IETF draft's. */
export function readRateHeaders(policy: Provider['retry'], answer: Answer): RateFacts {
  const declared = readDeclared(policy, answer);
  const names = [policy.limitHeader, policy.remainingHeader, policy.resetHeader];
  const told = names.every((name) => name === undefined) ? readDraft(answer) : declared;
  const retryAfterMs = policy.waitHeaders
    .map((name) => answer.headers[name])
    .map((value) => (value === undefined ? undefined : readWait(value, answer)))
    .find((waitMs) => waitMs !== undefined);
  return {
    ...(told.limit !== undefined && { limit: told.limit }),
    ...(told.remaining !== undefined && { remaining: told.remaining }),
    ...(told.resetAtMs !== undefined && { resetAtMs: told.resetAtMs }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
