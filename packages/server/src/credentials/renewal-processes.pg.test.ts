import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { createCredentialSource } from './credential-source.ts';
import { openRotatingRoom, type RotatingRoom } from './testing/rotating-room.ts';
import { startReadingProcesses } from './testing/start-reading-processes.ts';

let room: RotatingRoom;
let running: Awaited<ReturnType<typeof startReadingProcesses>> | undefined;
afterEach(async () => {
  await running?.close();
  await room.close();
});

test('a thousand reads over four processes cause one renewal, at a provider that ends what is renewed twice', async () => {
  room = await openRotatingRoom();
  running = await startReadingProcesses(room, 4);
  const { processes } = running;
  for (let round = 1; round <= 3; round += 1) {
    const connectionId = await room.connect(`acme${round}`, { expiresInMs: -1 });
    // Slow enough for all of them to come while it is asked.
    room.rotator.answer(async (act) => {
      await delay(150);
      return act();
    });
    const answers = await Promise.all(processes.map((one) => one.read(connectionId, 250)));
    expect(answers.flatMap(({ failures }) => failures)).toEqual([]);
    const tokens = new Set(answers.flatMap((answer) => Object.keys(answer.tokens)));
    expect(tokens.size).toBe(1);
    expect(answers.reduce((sum, answer) => sum + (answer.tokens[[...tokens][0] ?? ''] ?? 0), 0)).toBe(1_000);
    expect([room.rotator.renewals(), room.rotator.given()]).toEqual([round, round]);
    expect((await room.show(`acme${round}`)).state).toBe('active');
  }
});

/** Kills a process that has the provider's answer, and not yet stored it: the row is locked until it is dead. */
async function killBetweenAnswerAndCommit(): Promise<{ connectionId: number; startedAt: Date }> {
  running = await startReadingProcesses(room, 1);
  const [victim] = running.processes;
  if (!victim) throw new Error('There is no process.');
  const connectionId = await room.connect('acme', { expiresInMs: -1 });
  const locker = await room.pool.connect();
  try {
    room.rotator.answer(async (act) => {
      await locker.query('begin');
      await locker.query('select from connections where id = $1 for update', [connectionId]);
      return act();
    });
    const reading = victim.read(connectionId, 1);
    reading.catch(() => undefined);
    await vi.waitUntil(async () => {
      const { rows } = await room.pool.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%token_version + 1%'`,
      );
      return rows[0]?.count === 1;
    });
    const exited = once(victim.child, 'exit');
    victim.child.kill('SIGKILL');
    await exited;
    await expect(reading).rejects.toThrow('gone');
  } finally {
    await locker.query('rollback');
    locker.release();
  }
  const { refresh_started_at: startedAt, token_version: version } = await room.context.database
    .selectFrom('connections')
    .select(['refresh_started_at', 'token_version'])
    .executeTakeFirstOrThrow();
  if (!startedAt) throw new Error('The renewal left no trace.');
  expect([version, room.rotator.given()]).toEqual([1, 1]);
  room.rotator.answer((act) => act());
  return { connectionId, startedAt };
}

test('a process killed between the answer and the commit costs nothing where a refresh token may come twice', async () => {
  room = await openRotatingRoom();
  room.rotator.allowReplay();
  const { connectionId } = await killBetweenAnswerAndCommit();
  const heir = createCredentialSource(room.createPeer({ leaseMs: 200 }));
  expect((await heir.getActiveCredential(connectionId)).fields['accessToken']).toBe('access-3-b1c9');
  expect(await room.show()).toMatchObject({ state: 'active', problem: null });
});

test('where it may not, the problem says when a renewal was interrupted', async () => {
  room = await openRotatingRoom();
  const { connectionId, startedAt } = await killBetweenAnswerAndCommit();
  const heir = createCredentialSource(room.createPeer({ leaseMs: 200 }));
  await expect(heir.getActiveCredential(connectionId)).rejects.toMatchObject({ code: 'provider_unauthorized' });
  expect(await room.show()).toMatchObject({
    state: 'auth_failed',
    problem: { class: 'revoked', message: expect.stringContaining(startedAt.toISOString()) },
  });
});
