import type { Ask } from '@tenon/runtime/execute';
import type { AskHandlers, AskingRun } from '../asks/ask-handlers.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { Manifests } from '../runs/manifests.ts';
import type { RunContext } from '../runs/run-context.ts';
import { createBudgetLine, type BudgetLine } from './budget-line.ts';
import { listBudgets, type ConnectionBudgets, type WindowBudget } from './list-budgets.ts';
import { learnBudget } from './queries/learn-budget.ts';
import { takeToldCalls } from './queries/take-told-calls.ts';
import { takeWindowCalls } from './queries/take-window-calls.ts';
import { createToldBudgets } from './told-budgets.ts';

export interface RateContext {
  readonly run: RunContext;
  readonly manifests: Manifests;
  readonly notifications: Notifications;
}

/** Kept for actions: somebody waits for their answer. */
const reservedShare = 0.1;
/** As long as a call may wait by default; whoever would wait longer gives the worker back. */
const maxWaitMs = 60_000;
/** Of a refusal that says no time. */
const refusedMs = 1_000;
/** No provider is believed beyond. */
const longestBlockMs = 86_400_000;
/** Providers round their resets. */
const resetMarginMs = 250;
/** Between two notes of a budget that has plenty. */
const learnIntervalMs = 250;
/** While more than this share of the calls is left, an answer teaches nothing that calls would have to wait for. */
const plentyShare = 0.5;
/** Lines that nobody used lately are dropped beyond. */
const keptLines = 10_000;

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/**
 * A call that is let go arrives at the provider a little later, one that was taken in advance later still: by so much
 * more than the provider's window counts here.
 */
function createWindowLine({ run }: RateContext, { key, limit, windowMs }: WindowBudget): BudgetLine {
  const leaseMs = clamp(windowMs / 50, 20, 1_000);
  const countedMs = windowMs + leaseMs + clamp(windowMs / 10, 100, 2_000);
  const forRuns = limit - Math.floor(limit * reservedShare);
  return createBudgetLine({
    take: (wanted, { isInteractive }) =>
      takeWindowCalls(run.database, {
        key,
        limit: isInteractive ? limit : forRuns,
        windowMs: countedMs,
        sliceMs: Math.max(10, windowMs / 20),
        wanted,
      }),
    leaseMs,
    chunk: clamp(Math.floor(limit / 20), 1, 50),
    maxWaitMs,
    pace: { limit: forRuns, windowMs: countedMs },
    now: () => performance.now(),
  });
}

/** The handlers of the questions that keep the calls of all runs, in all servers, within the limits of providers. */
export function createRateAsks(context: RateContext): Pick<AskHandlers, 'rate-permit' | 'rate-report'> {
  const { run: runs } = context;
  const told = createToldBudgets({ database: runs.database, notifications: context.notifications, log: runs.log });
  const lines = new Map<string, BudgetLine>();
  const learnedAt = new Map<string, number>();

  function lineOf(key: string, create: () => BudgetLine): BudgetLine {
    const line = lines.get(key) ?? create();
    lines.delete(key);
    lines.set(key, line);
    const oldest = lines.keys().next();
    // Whoever still stands in it is served to the end; another line of the same budget does no harm.
    if (lines.size > keptLines && !oldest.done) lines.delete(oldest.value);
    return line;
  }

  function createToldLine(key: string): BudgetLine {
    return createBudgetLine({
      async take(wanted, { isInteractive }) {
        const mark = told.mark(key);
        const taken = await takeToldCalls(runs.database, {
          key,
          wanted,
          reservedShare: isInteractive ? 0 : reservedShare,
        });
        if (!taken.isLimited) told.forget(key, mark);
        return taken;
      },
      leaseMs: 50,
      chunk: 5,
      maxWaitMs,
      now: () => performance.now(),
    });
  }

  async function budgetsOf({ run }: AskingRun): Promise<ConnectionBudgets | undefined> {
    const loaded = await context.manifests.load(run.environment_id, run.version);
    const provider = loaded.findProvider(run.integration);
    if (!provider) return undefined;
    const { integration, budget_environment_id: environmentId } = run;
    const connectionId = Number(run.budget_connection_id);
    return listBudgets({ environmentId, connectionId, integration, manifest: loaded.manifest, provider });
  }

  async function permit(asking: AskingRun): Promise<{ calls: number; waitMs: number; isLimited: boolean }> {
    await told.ready();
    const budgets = await budgetsOf(asking);
    const standing =
      budgets?.windows.map((budget) => lineOf(budget.key, () => createWindowLine(context, budget))) ?? [];
    if (budgets && told.has(budgets.toldKey)) {
      standing.unshift(lineOf(budgets.toldKey, () => createToldLine(budgets.toldKey)));
    }
    const isInteractive = asking.run.kind === 'action';
    for (const line of standing) {
      const waitMs = await line.wait({ isInteractive, signal: asking.signal });
      if (waitMs > 0) return { calls: 0, waitMs, isLimited: true };
    }
    return { calls: 1, waitMs: 0, isLimited: standing.length > 0 };
  }

  async function report(facts: Extract<Ask, { kind: 'rate-report' }>, asking: AskingRun): Promise<null> {
    const budgets = await budgetsOf(asking);
    if (!budgets) return null;
    const key = budgets.toldKey;
    const nowMs = runs.now();
    const { blockMs, ...learned } = readFacts(facts, nowMs);
    const { limit, remaining } = learned;
    const isPlenty = remaining === null || remaining > (limit ?? 200) * plentyShare;
    if (blockMs === null && isPlenty && !told.has(key)) return null;
    const isRecent = nowMs - (learnedAt.get(key) ?? -Infinity) < learnIntervalMs;
    if (blockMs === null && isRecent && isPlenty) return null;
    learnedAt.delete(key);
    learnedAt.set(key, nowMs);
    const oldest = learnedAt.keys().next();
    if (learnedAt.size > keptLines && !oldest.done) learnedAt.delete(oldest.value);
    await learnBudget(runs.database, { key, ...learned, blockMs });
    told.add(key);
    if (blockMs !== null) for (const { key: window } of [...budgets.windows, { key }]) lines.get(window)?.dropLease();
    return null;
  }

  return { 'rate-permit': (_ask, asking) => permit(asking), 'rate-report': report };
}

interface Facts {
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetInMs: number | null;
  readonly blockMs: number | null;
}

/** What is said of the calls that are left only counts with the time until when; a refusal counts in any case. */
function readFacts(facts: Extract<Ask, { kind: 'rate-report' }>, nowMs: number): Facts {
  const { status, limit, remaining, resetAtMs, retryAfterMs } = facts;
  const resetInMs =
    resetAtMs === undefined || resetAtMs <= nowMs ? null : Math.min(resetAtMs - nowMs, longestBlockMs) + resetMarginMs;
  const left = remaining === undefined || resetInMs === null ? null : Math.max(0, remaining);
  const told = { limit: limit ?? null, remaining: left, resetInMs: left === null ? null : resetInMs };
  if (status !== 429) return { ...told, blockMs: null };
  // Refused although calls are left: it was for another limit than the one that the headers tell of.
  const untilReset = left === null || left > 0 ? null : resetInMs;
  const askedMs = retryAfterMs === undefined ? (untilReset ?? refusedMs) : retryAfterMs + resetMarginMs;
  return { ...told, blockMs: clamp(askedMs, 0, longestBlockMs) };
}
