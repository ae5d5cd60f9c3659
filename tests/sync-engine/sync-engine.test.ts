import type { Page, Run, TriggeredRun } from '@tenon/runtime/contract';
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../harness/run-cli.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { app, close, dated, everything, told } from './scripts.ts';

const issues = 60;
const connection = '/v1/connections/sandbox/acme';
const inFolder = (sync: string): string => `integrations/sandbox/syncs/${sync}.ts`;

let world: SandboxProject;
beforeAll(async () => {
  world = await startSandboxProject({
    sandbox: { issues },
    files: {
      [inFolder('everything')]: everything('z.number()'),
      [inFolder('dated')]: dated('row.title'),
      [inFolder('told')]: told,
      'integrations/sandbox/actions/close.ts': close,
    },
  });
  await world.deploy();
  await world.connect();
}, 60_000);
afterAll(() => world.stop());

/** What a command says to programs. */
async function tell<Answer>(...cliArguments: string[]): Promise<Answer> {
  return JSON.parse(await world.tenon(...cliArguments, '--json'));
}

/** Of commands that print an object a line. */
async function tellLines(...cliArguments: string[]): Promise<unknown[]> {
  const lines = (await world.tenon(...cliArguments, '--json')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
}

function ended(id: string): Promise<Run> {
  return waitUntil(`run ${id} has ended`, async () => {
    const { body } = await world.server.call<Run>('GET', `/v1/runs/${id}`);
    return body.finishedAt === null ? undefined : body;
  });
}

async function run(sync: string): Promise<Run> {
  const { body } = await world.server.call<TriggeredRun>('POST', `${connection}/syncs/${sync}/trigger`);
  return ended(body.run.id);
}

async function countOf(model: string): Promise<number> {
  const { body } = await world.server.call<Page<unknown>>('GET', `${connection}/records/${model}?limit=1000`);
  return body.items.length;
}

test('a list that is empty for once deletes nothing before somebody approves', async () => {
  expect(await run('everything')).toMatchObject({ status: 'succeeded' });
  expect(await countOf('Issue')).toBe(issues);

  await world.control('chaos', { mode: 'empty', path: '/issues', times: 1 });
  const command = await runCli(['run', 'sandbox/everything', '-c', 'acme'], {
    cwd: world.project.root,
    env: { TENON_URL: world.server.url, TENON_API_KEY: world.server.apiKey },
  });
  expect(command.exitCode).toBe(11);
  expect(command.stderr).toContain('tenon records holds');
  expect(await countOf('Issue')).toBe(issues);

  const holds = await tell<Page<{ id: string }>>('records', 'holds');
  expect(holds.items).toMatchObject([{ model: 'Issue', records: issues, status: 'pending' }]);
  await world.tenon('records', 'discard', String(holds.items[0]?.id), '--yes');
  expect(await run('everything')).toMatchObject({ status: 'succeeded', counts: { unchanged: issues, deleted: 0 } });

  await world.control('chaos', { mode: 'empty', path: '/issues', times: 1 });
  expect(await run('everything')).toMatchObject({ status: 'held', counts: { held: issues } });
  const [second] = (await tell<Page<{ id: string }>>('records', 'holds')).items;
  await world.tenon('records', 'approve', String(second?.id), '--yes');
  expect(await countOf('Issue')).toBe(0);
  expect(await run('everything')).toMatchObject({ counts: { added: issues } });
}, 60_000);

test('records that drifted wait in the quarantine, and a replay saves them once the model is corrected', async () => {
  await run('everything');
  await world.control('advance', { updates: issues });
  await world.control('chaos', { mode: 'drifted', path: '/issues', times: 1 });
  const drifted = await run('everything');
  expect(drifted.status).toBe('succeeded');
  expect(drifted.counts.quarantined).toBeGreaterThan(0);
  const quarantine = await tell<Page<{ problems: unknown }>>('records', 'quarantine', '--limit', '100');
  expect(quarantine.items).toHaveLength(drifted.counts.quarantined);

  await world.project.write(inFolder('everything'), everything('z.coerce.number()'));
  await world.deploy();
  const replay = await tell<TriggeredRun>('records', 'replay', 'sandbox/everything', '-c', 'acme');
  expect(await ended(replay.run.id)).toMatchObject({
    status: 'succeeded',
    trigger: 'replay',
    counts: { updated: drifted.counts.quarantined },
  });
  expect((await tell<Page<unknown>>('records', 'quarantine')).items).toEqual([]);
}, 60_000);

test('what a bad deployment wrote is shown, taken back and kept in the history; a backfill reads it again', async () => {
  expect(await run('dated')).toMatchObject({ counts: { added: issues } });
  await world.project.write(inFolder('dated'), dated("'rubbish'"));
  await world.deploy();
  const command = [
    'schedules',
    'backfill',
    'sandbox/dated',
    '-c',
    'acme',
    '--from',
    '2001-01-01T00:00:00Z',
    '--until',
    '2100-01-01T00:00:00Z',
  ];
  const backfill = async () => (await tell<{ run: Run }>(...command)).run.id;
  const bad = await ended(await backfill());
  expect(bad).toMatchObject({ status: 'succeeded', trigger: 'backfill', counts: { updated: issues } });
  expect(await tellLines('runs', 'diff', bad.id)).toHaveLength(issues);

  await world.tenon('runs', 'undo', bad.id, '--yes');
  const rubbish = ['records', 'list', 'sandbox/Dated', '-c', 'acme', '--where', 'title=rubbish'];
  expect(await tellLines(...rubbish)).toEqual([]);
  const history = await tell<Page<unknown>>('records', 'history', 'sandbox/Dated', 'iss_2', '-c', 'acme');
  expect(history.items).toMatchObject([
    { change: 'updated' },
    { change: 'updated', runId: bad.id },
    { change: 'added' },
  ]);

  await world.project.write(inFolder('dated'), dated('row.title.toUpperCase()'));
  await world.deploy();
  const good = await ended(await backfill());
  expect(good.counts.updated).toBe(issues);
}, 60_000);

test('an export has every record, in each format', async () => {
  const files = await Promise.all(
    ['ndjson', 'csv', 'parquet'].map(async (format) => {
      const file = path.join(world.project.root, `issues.${format}`);
      await world.tenon('records', 'export', 'sandbox/Issue', '-c', 'acme', '--out', file);
      return readFile(file);
    }),
  );
  const [ndjson = '', csv = '', parquet = ''] = files.map((file) => file.toString('latin1'));
  expect(ndjson.trimEnd().split('\n')).toHaveLength(issues);
  expect(csv.trimEnd().split('\r\n')).toHaveLength(issues + 1);
  expect([parquet.slice(0, 4), parquet.slice(-4)]).toEqual(['PAR1', 'PAR1']);
}, 60_000);

test('events that the app forwards are saved in order, and the SDK reads them and tells errors of actions', async () => {
  const events = [
    { type: 'changed', item: { id: 'a', title: 'first' } },
    { type: 'changed', item: { id: 'b', title: 'second' } },
    { type: 'changed', item: { id: 'a', title: 'second' } },
    { type: 'removed', item: { id: 'b', title: 'second' } },
  ];
  for (const body of events) {
    const { body: sent } = await world.server.call<TriggeredRun>('POST', `${connection}/syncs/told/events`, { body });
    expect(await ended(sent.run.id)).toMatchObject({ status: 'succeeded', trigger: 'webhook' });
  }

  await world.tenon('generate');
  await world.project.write('src/app.ts', app);
  const outfile = path.join(world.project.root, 'app.mjs');
  const entryPoints = [path.join(world.project.root, 'src/app.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
  const env = { ...process.env, TENON_URL: world.server.url, TENON_API_KEY: world.server.apiKey };
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { env });
  expect(JSON.parse(stdout)).toEqual({
    closed: { id: 'iss_1' },
    refused: ['not_closable', 'never'],
    titles: ['second'],
    changes: [
      ['added', 'a'],
      ['deleted', 'b'],
    ],
  });
}, 60_000);
