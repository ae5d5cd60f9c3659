import type { Answers, Ask } from '../execute/asks.ts';
import { TenonError } from '../errors/tenon-error.ts';
import type { Pace } from './perform-call.ts';
import type { RateFacts } from './rate-headers.ts';

export type RateReport = Omit<Extract<Ask, { kind: 'rate-report' }>, 'kind'>;

/** Whoever counts the calls of all runs that share a limit. */
export interface RateAsks {
  permit(): Promise<Answers['rate-permit']>;
  report(report: RateReport): Promise<unknown>;
}

type TakeLimits = Pace & { readonly signal: AbortSignal };

export interface RatePermits {
  /**
   * Waits until a call may be made.
   * @throws TenonError `provider_rate_limited` when that takes longer than a call may wait; the signal's reason
   */
  take(limits: TakeLimits): Promise<void>;
  /** Passes on what an answer said, at once where calls are scarce. */
  report(answer: RateFacts & { status: number; isRefused: boolean }): void;
}

/** How long "nothing is known of a limit" holds: another run may learn of one meanwhile. */
const unlimitedMs = 1_000;
/** The status that reports of refusals have, whatever the provider's own was. */
const refusedStatus = 429;
/** Between two reports while there is plenty. */
const reportIntervalMs = 500;
/** Below this share of the limit, every answer is reported. */
const scarceShare = 0.2;

function failWait(waitMs: number, of: { provider: string; connection: string }): never {
  throw new TenonError(
    'provider_rate_limited',
    `A call to ${of.provider} has to wait ${Math.ceil(waitMs / 1_000)} s: the rate limit is used up by this connection's runs or by those that share it.`,
    {
      hint: 'The run goes on later by itself where it can. Run this less often, or raise the rate limit with the provider.',
      details: { ...of, retryAfterMs: Math.ceil(waitMs) },
    },
  );
}

function untilAnswered<Value>(answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The share of this process in the budgets: it asks before every attempt for which it holds no permit. */
export function createRatePermits(asks: RateAsks, of: { provider: string; connection: string }): RatePermits {
  let held = 0;
  let unlimitedUntilMs = 0;
  let reportAgainAtMs = 0;
  let lastResetAtMs = 0;
  let readNow = Date.now;
  let turn: Promise<void> = Promise.resolve();
  let isReporting = false;
  let nextReport: RateReport | undefined;

  async function ask(signal: AbortSignal): Promise<Answers['rate-permit']> {
    // Asked on its own: a permit that comes after its call was dropped is for the next one.
    let waiting = true;
    const asked = asks.permit().then(
      (answer) => {
        if (!waiting) held += answer.calls;
        return answer;
      },
      // The provider still refuses what is too much; that nobody can count must not stop every call.
      (): Answers['rate-permit'] => ({ calls: 1, waitMs: 0, isLimited: false }),
    );
    try {
      return await untilAnswered(asked, signal);
    } finally {
      waiting = false;
    }
  }

  function takeHeld(nowMs: number): boolean {
    if (nowMs < unlimitedUntilMs) return true;
    if (held === 0) return false;
    held -= 1;
    return true;
  }

  async function askUntilGranted({ clock, maxWaitMs, deadlineAtMs = Infinity, signal }: TakeLimits): Promise<void> {
    while (!takeHeld(clock.now())) {
      const { calls, waitMs, isLimited } = await ask(signal);
      if (!isLimited) {
        unlimitedUntilMs = clock.now() + unlimitedMs;
        return;
      }
      if (calls > 0) held += calls;
      else if (waitMs > maxWaitMs || clock.now() + waitMs >= deadlineAtMs) failWait(waitMs, of);
      else await clock.wait(waitMs, signal);
    }
  }

  /** One question at a time, so that a run with many calls at once stands in the server's line no oftener than others. */
  async function takeInTurn(limits: TakeLimits): Promise<void> {
    const before = turn;
    let end = (): void => undefined;
    turn = new Promise((resolve) => {
      end = resolve;
    });
    try {
      await untilAnswered(before, limits.signal);
      await askUntilGranted(limits);
    } finally {
      // Whoever leaves early does not let the next one in before its turn.
      void before.then(end);
    }
  }

  async function send(report: RateReport): Promise<void> {
    if (isReporting) {
      // The newest, but a refusal is not forgotten for what other answers said.
      if (nextReport?.status !== refusedStatus || report.status === refusedStatus) nextReport = report;
      return;
    }
    isReporting = true;
    for (let next: RateReport | undefined = report; next; next = nextReport) {
      nextReport = undefined;
      // What a report could not reach says the next one.
      await asks.report(next).catch(() => undefined);
    }
    isReporting = false;
  }

  return {
    async take(limits) {
      readNow = () => limits.clock.now();
      limits.signal.throwIfAborted();
      if (!takeHeld(limits.clock.now())) await takeInTurn(limits);
    },
    report({ status, isRefused, ...facts }) {
      const { limit, remaining, resetAtMs, retryAfterMs } = facts;
      const saysLimit = remaining !== undefined && resetAtMs !== undefined;
      if (!isRefused && !saysLimit) return;
      const nowMs = readNow();
      const isScarce = saysLimit && remaining <= Math.max(5, (limit ?? 0) * scarceShare);
      const isNewWindow = resetAtMs !== undefined && resetAtMs > lastResetAtMs + 2_000;
      if (!isRefused && !isScarce && !isNewWindow && nowMs < reportAgainAtMs) return;
      reportAgainAtMs = nowMs + reportIntervalMs;
      lastResetAtMs = resetAtMs ?? lastResetAtMs;
      if (isRefused || isScarce) unlimitedUntilMs = 0;
      // Retry-After of other statuses is about the one call.
      const report = {
        status,
        ...facts,
        ...(isRefused || retryAfterMs === undefined ? {} : { retryAfterMs: undefined }),
      };
      void send(report);
    },
  };
}
