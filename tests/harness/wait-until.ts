import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is not undefined. The deadline only ends a test that has gone wrong; it decides no result. */
export async function waitUntil<Result>(
  what: string,
  ask: () => Promise<Result | undefined> | Result | undefined,
  timeoutMs = 60_000,
): Promise<Result> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`);
    await delay(50);
  }
}
