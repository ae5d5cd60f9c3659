import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleRecord } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runRecordsFollow } from './run-records-follow.ts';
import { runRecordsGet } from './run-records-get.ts';
import { runRecordsList } from './run-records-list.ts';

let server: FakeServer;
const connection = 'user1';

beforeEach(async () => {
  server = await FakeServer.start();
  server.state.records = { Issue: Array.from({ length: 2_500 }, (_, index) => sampleRecord(String(index))) };
});
afterEach(() => server.stop());

const context = (isJson = false) => createTestContext({ url: server.url, apiKey: server.apiKey, isJson });

describe('tenon records', () => {
  it('shows the first hundred, cut to the width of the terminal, and says that there are more', async () => {
    server.state.records = {
      Issue: [sampleRecord('1', { text: 'x'.repeat(500) }), ...(server.state.records['Issue'] ?? [])],
    };
    const test = context();
    await runRecordsList(test, 'github/Issue', { connection });
    const lines = test.stdout().trimEnd().split('\n');
    expect(lines).toHaveLength(101);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(test.stderr()).toContain('--all');
  });

  it('prints one JSON document a line, over as many pages as it takes', async () => {
    const test = context(true);
    await runRecordsList(test, 'github/Issue', { connection, all: true });
    expect(test.events()).toHaveLength(2_500);
    expect(server.requests).toHaveLength(3);
    const some = context(true);
    await runRecordsList(some, 'github/Issue', { connection, limit: 1_200 });
    expect(some.events()).toHaveLength(1_200);
  });

  it('passes on what was asked for', async () => {
    await runRecordsList(context(), 'github/Issue', {
      connection,
      updatedAfter: '2026-01-01',
      deleted: true,
      id: ['a/b', 'c'],
      where: ['state=open', 'n=1'],
      limit: 5,
    });
    expect(server.requests[0]?.url).toBe(
      '/v1/connections/github/user1/records/Issue?updatedAfter=2026-01-01T00%3A00%3A00.000Z&deleted=include&ids=a%2Fb%2Cc&where=%7B%22state%22%3A%22open%22%2C%22n%22%3A1%7D&limit=5',
    );
    await expect(
      runRecordsList(context(), 'github/Issue', { connection, updatedAfter: 'yesterday' }),
    ).rejects.toMatchObject({ code: 'usage_invalid' });
    for (const flags of [{ where: ['state'] }, { id: ['a,b'] }]) {
      await expect(runRecordsList(context(), 'github/Issue', { connection, ...flags })).rejects.toMatchObject({
        code: 'usage_invalid',
      });
    }
  });

  it('shows one record, or says that there is none', async () => {
    const test = context();
    await runRecordsGet(test, { name: 'github/Issue', id: '7' }, { connection });
    expect(test.stdout()).toContain('"id": "7"');
    await expect(runRecordsGet(test, { name: 'github/Issue', id: 'x' }, { connection })).rejects.toMatchObject({
      code: 'not_found',
      exitCode: 11,
    });
  });

  it('follows changes from a cursor until it is interrupted, and says where to go on', async () => {
    server.state.changes = {
      Issue: ['1', '2', '3'].map((id) => ({ ...sampleRecord(id), change: id === '3' ? 'deleted' : 'added' })),
    };
    const test = context();
    const following = runRecordsFollow(test, 'github/Issue', { connection, follow: true, cursor: '1' });
    await expect.poll(() => test.stdout(), { timeout: 10_000 }).toBe('+ 2 {"id":"2"}\n- 3 \n');
    test.interrupt();
    await following;
    expect(test.stderr()).toContain('--cursor 3');
  });

  it('follows changes over a restart of the server, each once, with a cursor in every line that loses nothing', async () => {
    const changes = ['1', '2', '3', '4'].map((id) => ({ ...sampleRecord(id), change: 'added' as const }));
    server.state.changes = { Issue: changes.slice(0, 2) };
    const test = context(true);
    const following = runRecordsFollow(test, 'github/Issue', { connection, follow: true });
    await expect.poll(() => test.events(), { timeout: 10_000 }).toHaveLength(2);
    await server.stop();
    server.state.changes = { Issue: changes };
    await server.startAgain();
    await expect.poll(() => test.events().length, { timeout: 10_000 }).toBe(4);
    test.interrupt();
    await following;
    expect(test.events()).toMatchObject([
      { id: '1', cursor: null },
      { id: '2', cursor: '2' },
      { id: '3', cursor: '2' },
      { id: '4', cursor: '4' },
    ]);
  });

  it('does not follow on with a cursor that has expired', async () => {
    server.answerNext('GET /v1/connections', refuse(410, 'cursor_expired', 'It is too old.'));
    const following = runRecordsFollow(context(), 'github/Issue', { connection, follow: true, cursor: '1' });
    await expect(following).rejects.toMatchObject({ code: 'cursor_expired' });
  });
});
