import { setTimeout as delay } from 'node:timers/promises';
import { TenonError } from '../errors/tenon-error.ts';
import type { ScriptEnvironment } from './script-environment.ts';

export interface WantedLock {
  readonly name: string;
  readonly scope: 'connection' | 'environment';
  readonly ttlMs: number;
  readonly waitMs: number;
}

/** How often a lock that another run holds is asked for again. */
const askAgainMs = 250;

/**
 * Works while the run holds a lock, and gives it back whatever happens.
 * @throws TenonError `lock_held`; the signal's reason after an abort; what `work` throws
 */
export async function holdLock<Result>(
  { ask, signal }: Pick<ScriptEnvironment, 'ask' | 'signal'>,
  { waitMs, ...lock }: WantedLock,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  const giveUpAtMs = performance.now() + waitMs;
  let held = await ask({ kind: 'lock', ...lock });
  while (!held && performance.now() < giveUpAtMs) {
    await delay(Math.min(askAgainMs, giveUpAtMs - performance.now()), undefined, { signal });
    held = await ask({ kind: 'lock', ...lock });
  }
  if (!held) {
    throw new TenonError('lock_held', `Another run holds the lock "${lock.name}".`, {
      hint: 'Give lock() a `wait`, or leave the work to the run that holds it.',
    });
  }
  try {
    return await work();
  } finally {
    await ask({ kind: 'unlock', token: held.token });
  }
}
