import { createServer, type AddressInfo } from 'node:net';
import type { Change, LogEntry, Run, StoredRecord } from '@tenon/runtime/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliPath } from '../harness/run-cli.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { killNow } from '../harness/server-processes.ts';
import { startProcess, type RunningProcess } from '../harness/start-process.ts';
import { waitUntil } from '../harness/wait-until.ts';

const syncIssues = `import { defineSync, z } from '@tenon/runtime';
const Issue = z.object({ id: z.string(), round: z.number() });
export default defineSync({
  models: { Issue },
  async run(sync) {
    const round = Date.now();
    for await (const page of sync.paginate<{ id: string | number }>('/issues', { params: { per_page: 10 } })) {
      sync.log.info('read a page', { round, count: page.length });
      await sync.save('Issue', page.map(({ id }) => ({ id: String(id), round })));
    }
  },
});
`;

let world: SandboxProject;
beforeAll(async () => {
  world = await startSandboxProject({
    sandbox: { issues: 40 },
    // The followers come back to the address that they know.
    serverEnv: { TENON_PORT: String(await findFreePort()) },
    files: { 'integrations/sandbox/syncs/issues.ts': syncIssues },
  });
  await world.deploy();
  await world.connect();
}, 60_000);
const started: RunningProcess[] = [];
afterAll(async () => {
  for (const { child } of started) killNow(-(child.pid ?? 0));
  await world.stop();
});

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function follow(...cliArguments: string[]) {
  const env = { TENON_URL: world.server.url, TENON_API_KEY: world.server.apiKey };
  const running = startProcess([process.execPath, cliPath, ...cliArguments, '--follow', '--json'], {
    cwd: world.project.root,
    env,
    ownGroup: true,
  });
  started.push(running);
  // Throws for anything but whole lines of JSON.
  const read = <Item>(): Item[] =>
    running
      .output()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Item);
  return { running, read };
}

async function sync(): Promise<void> {
  const { body } = await world.server.call<{ run: Run }>('POST', '/v1/connections/sandbox/acme/syncs/issues/trigger');
  await waitUntil('the run has ended', async () => {
    const answer = await world.server.call<Run>('GET', `/v1/runs/${body.run.id}`);
    return answer.body.finishedAt === null ? undefined : answer.body;
  });
}

async function readAll<Item>(route: string): Promise<Item[]> {
  const { body } = await world.server.call<{ items: Item[] }>('GET', route);
  return body.items;
}

test('who follows logs and changes sees each once when the server is killed and started again, and ends quietly', async () => {
  const logs = follow('logs');
  const changes = follow('records', 'list', 'sandbox/Issue', '-c', 'acme');
  const leaving = startProcess(
    [
      'bash',
      '-c',
      '"$0" "$1" logs --follow --json | head -n 1; echo "ended ${PIPESTATUS[0]}"',
      process.execPath,
      cliPath,
    ],
    {
      cwd: world.project.root,
      env: { TENON_URL: world.server.url, TENON_API_KEY: world.server.apiKey },
      ownGroup: true,
    },
  );
  started.push(leaving);
  await sync();
  await waitUntil('the first round is followed', async () =>
    logs.read().length >= 4 && changes.read().length >= 40 && leaving.output() !== '' ? true : undefined,
  );
  killNow(-(world.server.child.pid ?? 0));
  await world.server.ended();
  await world.restart();
  await sync();

  const stored = await waitUntil('all is followed', async () => {
    const entries = await readAll<LogEntry>('/v1/logs?level=info&limit=1000');
    const known = new Set(logs.read<LogEntry>().map(({ id }) => id));
    return entries.length >= 8 && entries.every(({ id }) => known.has(id)) ? entries : undefined;
  });
  const records = await waitUntil('all changes are followed', async () => {
    const listed = await readAll<StoredRecord>('/v1/connections/sandbox/acme/records/Issue?limit=1000');
    const seen = new Map(changes.read<Change>().map((change) => [change.id, change.updatedAt]));
    return listed.every(({ id, updatedAt }) => seen.get(id) === updatedAt) ? listed : undefined;
  });
  expect(records).toHaveLength(40);
  for (const { running } of [logs, changes]) {
    await running.stop('SIGINT');
    expect(running.child.exitCode).toBe(130);
    expect(running.output()).toMatch(/\}\n$/);
  }
  // The reader left: that is the end, and nothing is told of it.
  await leaving.ended();
  expect(leaving.output()).toMatch(/^\{[^\n]+\}\nended 0\n$/);
  const ids = logs.read<LogEntry>().map(({ id }) => Number(id));
  expect(ids).toEqual(stored.map(({ id }) => Number(id)).sort((a, b) => a - b));
  const versions = changes.read<Change>().map(({ id, updatedAt }) => `${id} ${updatedAt}`);
  expect(versions).toHaveLength(80);
  expect(new Set(versions).size).toBe(80);
}, 90_000);
