import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunCounts, WebhookEventType } from '@tenon/runtime/contract';
import { createKeyring } from '../../credentials/keyring.ts';
import { openEngineRoom, type EngineRoom, type Script } from '../../engine/testing/engine-room.ts';
import { decodeFeedCursor } from '../../records/reading/feed-cursor.ts';
import { createEndpoint } from '../endpoints/create-endpoint.ts';
import { publishRunEvents, type EndedRun } from './publish-run-events.ts';

let room: EngineRoom;
let datasetId: number;
beforeEach(async () => {
  room = await openEngineRoom();
});
afterEach(() => room.close());

async function register(events: WebhookEventType[] = []) {
  const context = { database: room.database, keyring: createKeyring(randomBytes(32)), now: Date.now };
  await createEndpoint(context, { environmentId: room.environmentId, url: 'https://app.example.com/', events });
}
const told = () => room.database.selectFrom('webhook_events').select(['type', 'data']).orderBy('id').execute();

async function runOnce(script: Script) {
  const server = room.openServer(script);
  await server.start();
  const address = { environmentId: room.environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
  const { run } = await server.triggerSync({ ...address, trigger: 'api' });
  return room.ended(run.id);
}

const noCounts: RunCounts = { read: 0, added: 0, updated: 0, unchanged: 0, deleted: 0, quarantined: 0, held: 0 };

/** A run that ended, with what it left in the tables; its statements are those of the engine's transaction. */
async function endedRun(more: Partial<EndedRun> = {}): Promise<EndedRun> {
  const sync = await room.database.selectFrom('syncs').selectAll().executeTakeFirstOrThrow();
  const dataset = await room.database
    .insertInto('datasets')
    .values({ connection_id: sync.connection_id, model: 'Extra', position: 0 })
    .returning('id')
    .executeTakeFirstOrThrow();
  datasetId = Number(dataset.id);
  return {
    id: '0198c9a1-6f0e-7000-8a53-0d2f7f6f1b11',
    environment_id: room.environmentId,
    sync_id: sync.id,
    integration: 'tracker',
    connection: 'c1',
    function: 'issues',
    trigger: 'schedule',
    status: 'succeeded',
    counts: noCounts,
    error: null,
    ...more,
  };
}

async function change(
  id: string,
  { position, added, isDeleted = false }: { position: number; added: number; isDeleted?: boolean },
) {
  await sql`
    insert into records (dataset_id, external_id, data, hash, position, added_position, updated_at, deleted_at)
    values (${datasetId}, ${id}, '{}', '\\x00', ${position}, ${added}, now(), ${isDeleted ? new Date() : null})`.execute(
    room.database,
  );
}

const wrote = (runId: string, from: number, to: number) =>
  sql`insert into run_writes (dataset_id, from_position, to_position, run_id, written_at)
    values (${datasetId}, ${from}, ${to}, ${runId}, now())`.execute(room.database);

describe('a run that ends', () => {
  it('tells that it failed, in the transaction that ends it', async () => {
    await register();
    const error = { code: 'script_failed', message: 'no', hint: 'look', stack: 'at x' };
    const run = await runOnce(() => Promise.resolve({ status: 'failed', error }));
    const { stack: _stack, ...shown } = error;
    expect(await told()).toMatchObject([
      {
        type: 'sync.failed',
        data: {
          integration: 'tracker',
          connection: 'c1',
          sync: 'issues',
          runId: run.id,
          status: 'failed',
          error: shown,
        },
      },
    ]);
    expect(JSON.stringify(await told())).not.toContain('at x');
  });

  it('is silent when it succeeded and changed nothing', async () => {
    await register();
    await runOnce(() =>
      Promise.resolve({ status: 'succeeded', sync: { read: 0, partitions: { total: 0, failed: [] } } }),
    );
    expect(await told()).toEqual([]);
  });

  it('is told of where somebody wants to know', async () => {
    await register(['connection.created', 'sync.held']);
    await runOnce(() => Promise.resolve({ status: 'failed', error: { code: 'script_failed', message: 'no' } }));
    expect(await told()).toEqual([]);
  });
});

describe('publishRunEvents', () => {
  it('tells of each model that changed, with counts and the place in its feed', async () => {
    await register(['records.changed']);
    const run = await endedRun({ counts: { ...noCounts, added: 2, updated: 1, deleted: 1 } });
    await change('old', { position: 2, added: 1 });
    await change('new', { position: 4, added: 4 });
    await change('gone', { position: 5, added: 1, isDeleted: true });
    await change('of another run', { position: 6, added: 6 });
    await change('touched', { position: 7, added: 1 });
    await wrote(run.id, 4, 5);
    await wrote(run.id, 7, 7);
    await publishRunEvents(room.database, run);
    const [event] = await told();
    const data = event?.data as { after: string; cursor: string };
    expect(event).toMatchObject({
      type: 'records.changed',
      data: { model: 'Extra', sync: 'issues', runId: run.id, counts: { added: 1, updated: 1, deleted: 1 } },
    });
    expect(decodeFeedCursor(data.after, datasetId)).toMatchObject({ position: 3 });
    expect(decodeFeedCursor(data.cursor, datasetId)).toMatchObject({ position: 7 });
    expect(await told()).toHaveLength(1);
  });

  it('tells of what is held and of what is in quarantine, also of a run that then failed', async () => {
    await register();
    const error = { code: 'script_timed_out', message: 'too long' };
    const run = await endedRun({ status: 'timed_out', error, counts: { ...noCounts, quarantined: 2, held: 7 } });
    await sql`
      insert into holds (environment_id, sync_id, dataset_id, run_id, record_count, live_count, created_at)
      values (${run.environment_id}, ${run.sync_id}, ${datasetId}, ${run.id}, 7, 9, now())`.execute(room.database);
    for (const hash of ['\\x01', '\\x02']) {
      await sql`
        insert into quarantine (dataset_id, sync_id, run_id, data, hash, problems)
        values (${datasetId}, ${run.sync_id}, ${run.id}, '{}', ${hash}::bytea, '[]')`.execute(room.database);
    }
    await publishRunEvents(room.database, run);
    expect(await told()).toMatchObject([
      { type: 'sync.quarantined', data: { quarantined: 2, models: [{ model: 'Extra', count: 2 }] } },
      { type: 'sync.held', data: { held: 7, holds: [{ model: 'Extra', records: 7, live: 9 }] } },
      { type: 'sync.failed', data: { status: 'timed_out', error } },
    ]);
  });

  it('says nothing of actions', async () => {
    await register();
    await publishRunEvents(room.database, await endedRun({ sync_id: null, status: 'failed' }));
    expect(await told()).toEqual([]);
  });
});
