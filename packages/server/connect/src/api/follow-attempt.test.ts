import type { ConnectAttempt } from '@tenon/runtime/contract';
import { expect, it } from 'vitest';
import { ConnectFailure } from './connect-failure.ts';
import { followAttempt } from './follow-attempt.ts';

const attempt = (status: ConnectAttempt['status']): ConnectAttempt => ({
  id: 'a',
  status,
  url: null,
  connected: null,
  error: null,
  expiresAt: '2099-01-01T00:00:00.000Z',
});
const lost = new ConnectFailure({ code: 'network_failed', message: 'x' });

/** Follows with answers in this order, and tells how long it paused between them. */
async function follow(answers: (ConnectAttempt | Error)[], stop = new AbortController()) {
  const pauses: number[] = [];
  const api = {
    waitForAttempt: async () => {
      const answer = answers.shift();
      if (answer instanceof Error || !answer) throw answer ?? new Error('Asked too often.');
      return answer;
    },
  };
  const pause = async (ms: number): Promise<void> => {
    pauses.push(ms);
    stop.signal.throwIfAborted();
  };
  const ended = await followAttempt(api, 'a', { signal: stop.signal, pause, nowMs: () => 0 });
  return { status: ended.status, pauses };
}

it('asks until the attempt has ended, and never in a storm', async () => {
  const answers = [attempt('pending'), attempt('pending'), attempt('succeeded')];
  expect(await follow(answers)).toEqual({ status: 'succeeded', pauses: [1_000, 1_000] });
});

it('survives a network that is away, asking less and less often', async () => {
  const answers = [lost, lost, lost, lost, lost, attempt('failed')];
  expect(await follow(answers)).toEqual({ status: 'failed', pauses: [500, 1_000, 2_000, 5_000, 5_000] });
});

it('gives up when the server refuses', async () => {
  const refused = new ConnectFailure({ code: 'connect_session_invalid', message: 'x' });
  await expect(follow([refused])).rejects.toBe(refused);
});

it('ends with the reason of the signal', async () => {
  const stop = new AbortController();
  stop.abort(new Error('left'));
  await expect(follow([lost], stop)).rejects.toThrow('left');
});
