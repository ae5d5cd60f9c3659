import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCredentialRoom, type CredentialRoom } from '../credentials/testing/credential-room.ts';
import type { ConnectContext } from './connect-context.ts';
import { generateSecret, hashSecret } from '../credentials/random-secret.ts';
import { insertAttempt } from './storage/insert-attempt.ts';
import { insertSession } from './storage/insert-session.ts';
import { reserveAttemptRow } from './storage/reserve-attempt-row.ts';
import { createConnectSweeper } from './sweep-connect.ts';

let room: CredentialRoom;
let context: ConnectContext;
const warnings: unknown[] = [];

beforeAll(async () => {
  room = await openCredentialRoom();
  const log = { warn: (data: unknown) => void warnings.push(data), error: () => undefined };
  context = { connections: room.context, log };
});
afterAll(() => room.close());

async function addSession(livesMs: number): Promise<number> {
  const nowMs = room.context.now();
  return insertSession(room.context.database, {
    environmentId: room.environmentId,
    tokenHash: hashSecret(generateSecret()),
    request: { endUser: { id: 'user1' }, defaults: {}, expiresInSeconds: 60 },
    createdAt: new Date(nowMs),
    expiresAt: new Date(nowMs + livesMs),
  });
}

async function addAttempt(id: string, { sessionId, livesMs }: { sessionId: number; livesMs: number }): Promise<void> {
  const { database } = room.context;
  const nowMs = room.context.now();
  await insertAttempt(database, {
    id,
    rowId: await reserveAttemptRow(database),
    sessionId,
    environmentId: room.environmentId,
    integration: 'tracker',
    connection: 'user1',
    config: {},
    settings: null,
    stateHash: hashSecret(generateSecret()),
    browserHash: hashSecret(generateSecret()),
    pending: Buffer.alloc(1),
    createdAt: new Date(nowMs),
    expiresAt: new Date(nowMs + livesMs),
  });
}

it('removes what has been over for an hour, and leaves what a reloaded page may still ask for', async () => {
  const minuteMs = 60_000;
  const short = await addSession(5 * minuteMs);
  const long = await addSession(24 * 60 * minuteMs);
  const [ofShort, early, late] = [1, 2, 3].map((n) => `0190a3c4-0000-7000-8000-00000000000${n}`) as [
    string,
    string,
    string,
  ];
  await addAttempt(ofShort, { sessionId: short, livesMs: 30 * minuteMs });
  await addAttempt(early, { sessionId: long, livesMs: 5 * minuteMs });
  await addAttempt(late, { sessionId: long, livesMs: 30 * minuteMs });
  const sweeper = createConnectSweeper(context);

  room.pass(64 * minuteMs);
  await sweeper.sweep();
  expect(await listIds()).toEqual({ sessions: [short, long], attempts: [ofShort, early, late] });
  room.pass(2 * minuteMs);
  await sweeper.sweep();
  expect(await listIds()).toEqual({ sessions: [long], attempts: [late] });
  expect(warnings).toEqual([]);
});

it('takes any number in batches', async () => {
  await room.pool.query(
    `insert into connect_sessions (environment_id, token_hash, request, expires_at)
     select $1, sha256(n::text::bytea), '{}', to_timestamp(0) from generate_series(1, 2500) n`,
    [room.environmentId],
  );
  await createConnectSweeper(context).sweep();
  expect((await listIds()).sessions).toHaveLength(1);
});

it('is told of a database that fails, and can be stopped', async () => {
  await room.pool.query('alter table connect_attempts rename to elsewhere');
  const sweeper = createConnectSweeper(context);
  sweeper.start();
  await sweeper.sweep();
  await sweeper.stop();
  await room.pool.query('alter table elsewhere rename to connect_attempts');
  expect(warnings).toHaveLength(2);
});

async function listIds() {
  const { database } = room.context;
  const sessions = await database.selectFrom('connect_sessions').select('id').orderBy('id').execute();
  const attempts = await database.selectFrom('connect_attempts').select('id').orderBy('id').execute();
  return { sessions: sessions.map(({ id }) => id), attempts: attempts.map(({ id }) => id) };
}
