import type { Dispatcher } from 'undici';
import { TenonError } from '../errors/tenon-error.ts';
import { redact } from '../request/redact.ts';
import { adoptRequest } from './adopt-request.ts';
import { readExchanges, type Exchange, type RecordedExchange } from './exchange.ts';
import { findDifferences, type SentRequest } from './match-exchange.ts';
import { ReplayDispatcher, type ReplayedAnswer } from './replay-dispatcher.ts';

export interface Replay {
  /** Give it to the provider client: requests are answered from the recording, none leaves the machine. */
  readonly dispatcher: Dispatcher;
  /** In the recorded order. */
  exchanges(): RecordedExchange[];
  /** @throws TenonError `replay_unused` listing the exchanges that no request asked for */
  assertAllUsed(): void;
}

export interface ReplayOptions {
  /**
   * For a run that goes on in the middle: an exchange answers any number of requests, one that asks with other values
   * in its query gets the closest answer, and what nobody asks for is no failure. Default false.
   */
  readonly isLenient?: boolean;
  /**
   * For a recording that was just made: a request that differs from a recorded one only in its times and random ids
   * takes its place. Default false.
   */
  readonly isAdopting?: boolean;
  /** Told of each request that is sent (1) and answered (-1). */
  readonly onFlight?: ((change: 1 | -1) => void) | undefined;
}

interface Slot {
  exchange: RecordedExchange;
  used: boolean;
}

/** Recordings hold bodies as they read, so what described their transfer no longer does. */
const transferHeaders = new Set(['content-encoding', 'content-length', 'transfer-encoding', 'connection']);

function toAnswer({ response }: RecordedExchange): ReplayedAnswer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (!transferHeaders.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  }
  const { body, bodyBase64 } = response;
  if (bodyBase64 !== undefined) return { status: response.status, headers, body: Buffer.from(bodyBase64, 'base64') };
  if (body === undefined || typeof body === 'string') return { status: response.status, headers, body: body ?? '' };
  headers['content-type'] ??= 'application/json';
  return { status: response.status, headers, body: JSON.stringify(body) };
}

function describeRequest({ request }: RecordedExchange): string {
  return `${request.method.toUpperCase()} ${redact(request.path, [])}`;
}

function describeUnmatched(slots: readonly Slot[], sent: SentRequest): TenonError {
  const candidates = slots
    .map(({ exchange, used }) => {
      const differences = findDifferences(exchange, sent).concat(used ? ['already answered once'] : []);
      const otherPath = differences.some((difference) => difference.startsWith('path:'));
      const text = `${describeRequest(exchange)} (${differences.join('; ')})`;
      return { text, distance: differences.length + (otherPath ? 10 : 0) };
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ text }) => redact(text, []));
  const closest = candidates.length === 0 ? 'Nothing is recorded.' : `Closest: ${candidates.join(', ')}.`;
  const path = redact(sent.path, []);
  return new TenonError('replay_unmatched', `${sent.method} ${path} is not in the recording. ${closest}`, {
    hint: 'Record again, or correct the request that the script makes.',
    details: { method: sent.method, path, candidates },
  });
}

function adoptSlot(slots: readonly Slot[], sent: SentRequest): Slot | undefined {
  for (const slot of slots) {
    const request = slot.used ? undefined : adoptRequest(slot.exchange, sent);
    if (request === undefined) continue;
    slot.exchange = { ...slot.exchange, request };
    return slot;
  }
  return undefined;
}

function findSlot(slots: readonly Slot[], sent: SentRequest, isLenient: boolean): Slot | undefined {
  const matches = slots.filter(({ exchange }) => findDifferences(exchange, sent).length === 0);
  const fresh = matches.find(({ used }) => !used);
  if (fresh !== undefined || !isLenient) return fresh;
  if (matches.length > 0) return matches.at(-1);
  const near = slots
    .map((slot) => ({ slot, differences: findDifferences(slot.exchange, sent) }))
    .filter(({ differences }) => differences.every((difference) => difference.startsWith('query ')));
  return near.sort((a, b) => a.differences.length - b.differences.length)[0]?.slot;
}

/**
 * Replays recorded exchanges, strictly: each answers one request, equal requests get their answers in the recorded
 * order, and a request that was not recorded fails with the closest ones that were.
 * @throws TenonError `recording_invalid`
 */
export function createReplay(exchanges: readonly Exchange[], options: ReplayOptions = {}): Replay {
  const { isLenient = false, isAdopting = false, onFlight } = options;
  const slots: Slot[] = readExchanges(exchanges).map((exchange) => ({ exchange, used: false }));
  const answer = (sent: SentRequest): (() => ReplayedAnswer) => {
    const slot = findSlot(slots, sent, isLenient) ?? (isAdopting ? adoptSlot(slots, sent) : undefined);
    if (!slot) {
      const failure = describeUnmatched(slots, sent);
      return () => {
        throw failure;
      };
    }
    slot.used = true;
    return () => toAnswer(slot.exchange);
  };
  return {
    dispatcher: new ReplayDispatcher(answer, onFlight),
    exchanges: () => slots.map(({ exchange }) => exchange),
    assertAllUsed() {
      if (isLenient) return;
      const unused = slots.filter(({ used }) => !used).map(({ exchange }) => describeRequest(exchange));
      if (unused.length === 0) return;
      throw new TenonError(
        'replay_unused',
        `The run did not send ${unused.length} recorded requests: ${unused.join(', ')}.`,
        {
          hint: 'Record again, or check whether the script stops too early.',
          details: { unused },
        },
      );
    },
  };
}
