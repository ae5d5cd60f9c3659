import type {
  CreatedEnvironment,
  Deployment,
  Manifest,
  Page,
  Plan,
  Run,
  SyncManifest,
  SyncState,
  TriggeredRun,
} from '@tenon/runtime/contract';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CliRun } from '../../packages/cli/src/testing/run-built-cli.ts';
import { runCliHere } from '../../packages/cli/src/testing/run-cli-here.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { startTenonServer, type TenonServer } from '../harness/start-tenon-server.ts';
import { waitUntil } from '../harness/wait-until.ts';

const issues = 30;
/** How long the slowest machine may take; nothing is decided by it. */
const patienceMs = 240_000;

interface Written {
  /** How a title is read from a row. */
  readonly title?: string;
  readonly comments?: string;
  readonly model?: string;
  readonly more?: string;
}

const syncText = ({
  title = 'row.title',
  comments = 'z.number()',
  model = 'Issue',
  more = '',
}: Written = {}) => `import { defineSync, z } from '@tenon/runtime';
type Row = { id: string; title: string; comments: number; updatedAt: string };
export default defineSync({
  models: { ${model}: z.object({ id: z.string(), title: z.string(), comments: ${comments}, updatedAt: z.string() }) },
  cursor: { field: 'updatedAt', initial: '2000-01-01T00:00:00Z' },
  ${more}
  async run(sync) {
    for await (const page of sync.paginate<Row>('/issues', { params: { since: sync.cursor } })) {
      await sync.save('${model}', page.map((row) => ({ ...row, title: ${title}, comments: row.comments as never })));
    }
  },
});
`;

/** Other code for the same titles. */
const trimmed = 'row.title.trim()';

const inFolder = (sync: string): string => `integrations/sandbox/syncs/${sync}.ts`;
const connection = '/v1/connections/sandbox/acme';

let world: SandboxProject;
let far: TenonServer;
let env: Record<string, string>;

beforeAll(async () => {
  world = await startSandboxProject({
    sandbox: { issues },
    serverEnv: { TENON_ENVIRONMENT: 'staging' },
    files: { [inFolder('issues')]: syncText() },
  });
  far = await startTenonServer(path.join(world.project.root, '../far'), { TENON_ENVIRONMENT: 'prod' });
  const made = await world.server.call<CreatedEnvironment>('POST', '/v1/environments', { name: 'prod' });
  env = { STAGING_KEY: world.server.apiKey, PROD_KEY: made.body.key.key, FAR_KEY: far.apiKey };
  await world.project.write(
    'tenon.config.ts',
    `import { defineConfig } from '@tenon/runtime';
export default defineConfig({
  integrations: { sandbox: { provider: 'sandbox' } },
  environments: {
    staging: { url: '${world.server.url}', apiKeyVariable: 'STAGING_KEY' },
    prod: { url: '${world.server.url}', apiKeyVariable: 'PROD_KEY' },
    far: { url: '${far.url}', apiKeyVariable: 'FAR_KEY' },
  },
});
`,
  );
}, 120_000);
afterAll(async () => {
  await far.stop();
  await world.stop();
});

const cli = (...words: string[]): Promise<CliRun> => runCliHere(words, { cwd: world.project.root, env });
const staging = (command: string, ...words: string[]) => cli(command, ...words, '--env', 'staging');

/** What a command that ends well says to programs. */
async function tell<Answer>(...words: string[]): Promise<Answer> {
  const result = await cli(...words, '--json');
  expect(result.exitCode, `${words.join(' ')}: ${result.stdout}${result.stderr}`).toBe(0);
  return JSON.parse(result.stdout) as Answer;
}

const deploy = (...words: string[]) =>
  tell<{ plan: Plan; deployment: Deployment | null }>('deploy', '--env', 'staging', '--yes', ...words);

interface Refusal {
  readonly exitCode: number | null;
  readonly code: string;
  readonly message: string;
  readonly details: { readonly plan?: Plan };
}

/** The error with which a command ends. */
async function refusal(...words: string[]): Promise<Refusal> {
  const result = await cli(...words, '--env', 'staging', '--json');
  const { error } = JSON.parse(result.stdout) as { error: Omit<Refusal, 'exitCode'> };
  return { exitCode: result.exitCode, ...error };
}

async function run(sync: string): Promise<Run> {
  const { body } = await world.server.call<TriggeredRun>('POST', `${connection}/syncs/${sync}/trigger`);
  return waitUntil('the run has ended', async () => {
    const ended = await world.server.call<Run>('GET', `/v1/runs/${body.run.id}`);
    return ended.body.finishedAt === null ? undefined : ended.body;
  });
}

async function titles(model: string): Promise<Record<string, string>> {
  const { body } = await world.server.call<Page<{ id: string; data: { title: string } }>>(
    'GET',
    `${connection}/records/${model}?limit=1000`,
  );
  return Object.fromEntries(body.items.map(({ id, data }) => [id, data.title]));
}

interface Feed {
  readonly items: ReadonlyArray<{ id: string; change: string }>;
  readonly nextCursor: string;
  readonly hasMore: boolean;
}

async function follow(model: string, cursor?: string): Promise<Feed> {
  const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  return (await world.server.call<Feed>('GET', `${connection}/changes/${model}?limit=1000${from}`)).body;
}

async function cursorOf(sync: string): Promise<unknown> {
  const { body } = await world.server.call<Page<SyncState>>('GET', `${connection}/syncs/${sync}/states`);
  return body.items.map(({ partition, cursor, checkpoint }) => ({ partition, cursor, checkpoint }));
}

test(
  'a change is planned with what follows from it, and exactly that is deployed, or nothing',
  async () => {
    expect(await deploy('--external-id', 'c1', '-m', 'first')).toMatchObject({ deployment: { version: 1 } });
    await world.connect();
    expect(await run('issues')).toMatchObject({ status: 'succeeded' });
    expect(Object.keys(await titles('Issue'))).toHaveLength(issues);

    await world.project.write(inFolder('issues'), syncText({ comments: 'z.string()' }));
    const planned = await staging('plan', '--out', 'plan.json', '--format', 'markdown');
    expect(planned.exitCode, planned.stderr).toBe(2);
    expect(planned.stdout).toMatch(/^<!-- tenon-plan:staging -->\n### Tenon: plan for staging\n/);
    expect(planned.stdout).toMatch(/sandbox\/issues \| breaking \| .*model Issue: comments number -&gt; string/);
    expect(planned.stdout).toMatch(/1 connection read again, about \d+ calls?, 30 records read again/);
    const saved = JSON.parse(await readFile(path.join(world.project.root, 'plan.json'), 'utf8')) as {
      plan: Plan;
      manifest: Manifest;
      bundles: Record<string, string>;
    };
    expect(saved.plan.impact).toMatchObject({ connectionsReadAgain: 1, recordsReadAgain: issues });
    expect(saved.plan.impact).toMatchObject({ recordsReshaped: issues, connectionsWithoutForecast: 0 });
    expect(saved.plan.impact.providerCalls).toBeGreaterThan(0);

    // What is in the folder meanwhile has no part in it.
    await world.project.write(inFolder('issues'), syncText({ title: trimmed }));
    await world.project.write('edited.json', JSON.stringify({ ...saved, plan: { ...saved.plan, changes: [] } }));
    expect(await refusal('deploy', '--plan', 'edited.json', '--yes')).toMatchObject({
      exitCode: 12,
      code: 'plan_stale',
      message: expect.stringContaining('was changed after it was written'),
    });
    expect(await deploy('--plan', 'plan.json', '--external-id', 'c2')).toMatchObject({ deployment: { version: 2 } });
    const { body } = await world.server.call<{ manifest: Manifest }>('GET', '/v1/deployments/2/manifest');
    expect(body.manifest).toEqual(saved.manifest);
    for (const [hash, code] of Object.entries(saved.bundles)) expect(await codeOf(world.server, hash)).toBe(code);
    // A job whose answer was lost asks again.
    const again = await deploy('--plan', 'plan.json', '--external-id', 'c2');
    expect(again).toMatchObject({ plan: { changes: [] }, deployment: { version: 2, active: true } });

    expect(await deploy('--external-id', 'c3', '-m', 'another one')).toMatchObject({ deployment: { version: 3 } });
    const stale = await refusal('deploy', '--plan', 'plan.json', '--yes');
    expect(stale).toMatchObject({ exitCode: 12, code: 'plan_stale' });
    for (const said of ['version 3', 'another one', 'c3', 'initial']) expect(stale.message).toContain(said);

    // The same id again: what it was the first time, also when something else is live now.
    expect(await deploy('--external-id', 'c3')).toMatchObject({ deployment: { version: 3 } });
    expect(await refusal('deploy', '--external-id', 'c2', '--yes')).toMatchObject({
      exitCode: 12,
      code: 'external_id_taken',
    });
    const found = await tell<Page<Deployment>>('versions', '--external-id', 'c2', '--env', 'staging');
    expect(found.items).toMatchObject([{ version: 2, active: false }]);
  },
  patienceMs,
);

async function codeOf(server: TenonServer, hash: string, key = server.apiKey): Promise<string> {
  const answer = await fetch(`${server.url}/v1/bundles/${hash}`, { headers: { authorization: `Bearer ${key}` } });
  return answer.text();
}

test(
  'without its old name a sync goes, which is refused; with it records, cursors and places in the feed stay',
  async () => {
    expect(await run('issues')).toMatchObject({ status: 'succeeded' });
    const before = { titles: await titles('Issue'), cursor: await cursorOf('issues') };
    const { nextCursor } = await follow('Issue');

    await rm(path.join(world.project.root, inFolder('issues')));
    await world.project.write(inFolder('tickets'), syncText({ model: 'Ticket', title: trimmed }));
    const refused = await refusal('deploy', '--yes');
    expect(refused).toMatchObject({ exitCode: 12, code: 'destructive_refused' });
    expect(refused.details.plan?.impact).toMatchObject({ recordsRemoved: issues });
    expect(refused.details.plan?.hints.join('\n')).toMatch(
      /renamedFrom: 'issues' in integrations\/sandbox\/syncs\/tickets\.ts[^]*Ticket: \{ renamedFrom: 'Issue' \}/,
    );

    const more = `renamedFrom: 'issues', modelOptions: { Ticket: { renamedFrom: 'Issue' } },`;
    await world.project.write(inFolder('tickets'), syncText({ model: 'Ticket', title: trimmed, more }));
    const { plan } = await deploy();
    expect(plan.changes.map(({ action, kind }) => `${action} ${kind}`).sort()).toEqual(['rename model', 'rename sync']);
    expect(await titles('Ticket')).toEqual(before.titles);
    expect(await cursorOf('tickets')).toEqual(before.cursor);
    expect((await follow('Ticket', nextCursor)).items).toEqual([]);
    await world.control('advance', { updates: 3 });
    expect(await run('tickets')).toMatchObject({ counts: { updated: 3, added: 0, deleted: 0 } });
    expect((await follow('Ticket', nextCursor)).items).toHaveLength(3);
  },
  patienceMs,
);

test(
  'what staging runs goes to prod on the same server and on another one, byte for byte',
  async () => {
    const active = (await tell<Page<Deployment>>('versions', '--env', 'staging')).items.find((one) => one.active);
    const version = active?.version ?? 0;
    const { body } = await world.server.call<{ manifest: Manifest }>('GET', `/v1/deployments/${version}/manifest`);
    // The folder has no part in it.
    await world.project.write(inFolder('tickets'), 'export default 1;\n');
    for (const [name, server, key] of [
      ['prod', world.server, env['PROD_KEY']],
      ['far', far, env['FAR_KEY']],
    ] as const) {
      const promoted = await tell<{ deployment: Deployment }>('promote', '--from', 'staging', '--env', name, '--yes');
      const source = { environment: 'staging', version };
      expect(promoted.deployment).toMatchObject({ version: 1, active: true, source });
      const there = await tell<{ functions: SyncManifest[] }>('versions', 'show', '1', '--env', name);
      expect(there.functions).toEqual(body.manifest.functions);
      for (const { bundle } of body.manifest.functions) {
        expect(await codeOf(server, bundle, key)).toBe(await codeOf(world.server, bundle));
      }
    }
    expect((await cli('versions', '--env', 'prod')).stdout).toMatch(new RegExp(`staging ${version}\\s`));
    expect((await cli('versions', '--env', 'far')).stdout).toContain(`staging ${version} at ${world.server.url}`);
  },
  patienceMs,
);

test(
  'going back takes the code back, or records, cursors and the feed too, and later runs go on from there',
  async () => {
    const before = { titles: await titles('Ticket'), cursor: await cursorOf('tickets') };
    const { nextCursor } = await follow('Ticket');
    const good = (await tell<Page<Deployment>>('versions', '--env', 'staging')).items[0]?.version;

    await world.project.write(inFolder('tickets'), syncText({ model: 'Ticket', title: "'rubbish'" }));
    await deploy();
    await world.control('advance', { updates: 4, adds: 2 });
    const { counts } = await run('tickets');
    expect(counts).toMatchObject({ added: 2 });
    // Also the one on which the cursor stands, which is read again.
    expect(counts.updated).toBe(5);
    expect(Object.values(await titles('Ticket'))).toContain('rubbish');

    expect((await staging('rollback')).exitCode).toBe(11);
    const back = await staging('rollback', '--data', '--yes');
    expect(back.exitCode, back.stderr).toBe(0);
    expect(back.stdout).toContain(`Version ${good} is live`);
    expect(back.stdout).toMatch(/5 records restored, 2 deleted; 1 cursors are where/);
    expect(await titles('Ticket')).toEqual(before.titles);
    expect(await cursorOf('tickets')).toEqual(before.cursor);
    const told = (await follow('Ticket', nextCursor)).items.map(({ change }) => change);
    expect(told.sort()).toEqual(['deleted', 'deleted', ...Array.from({ length: 5 }, () => 'updated')]);

    // From the cursor that was restored: what the bad version read is read again, and nothing else.
    expect(await run('tickets')).toMatchObject({ counts: { read: 7, updated: 4, added: 2, unchanged: 1 } });
    const after = Object.values(await titles('Ticket'));
    expect(after).toHaveLength(issues + 2);
    expect(after).not.toContain('rubbish');

    // The code alone: forward, and back again.
    expect(await tell('rollback', String(Number(good) + 1), '--env', 'staging', '--yes')).toMatchObject({ data: null });
    const alone = await tell<{ deployment: Deployment }>('rollback', '--env', 'staging', '--yes');
    expect(alone).toMatchObject({ deployment: { version: good, active: true } });
    expect(Object.values(await titles('Ticket'))).toEqual(after);

    await rm(path.join(world.project.root, inFolder('tickets')));
    const gone = await deploy('--allow-destructive');
    expect(gone.plan.impact).toMatchObject({ recordsRemoved: issues + 2 });
    const answer = await world.server.call<{ error?: { code: string } }>('GET', `${connection}/records/Ticket`);
    expect(answer.status).toBe(404);
  },
  patienceMs,
);
