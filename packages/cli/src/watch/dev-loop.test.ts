import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noImpact } from '@tenon/runtime/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiClient } from '../api-client/create-api-client.ts';
import { createTestProject, syncText, type TestProject } from '../testing/create-test-project.ts';
import { FakeServer, refuse } from '../testing/fake-server.ts';
import { createTestContext, type TestContext } from '../testing/test-context.ts';
import { DevLoop, type DevLoopOptions } from './dev-loop.ts';
import type { FileChange } from './watch-project.ts';

const issues = 'integrations/demo/syncs/issues.ts';
const changed = (path: string): FileChange => ({ kind: 'changed', path });

let server: FakeServer;
let project: TestProject;
let test: TestContext;
let loop: DevLoop;
let client: ReturnType<typeof createApiClient>;

beforeEach(async () => {
  server = await FakeServer.start();
  // Any change makes a plan with changes; what they are does not matter to the loop.
  server.state.plan.changes = [
    {
      action: 'update',
      kind: 'sync',
      integration: 'demo',
      name: 'issues',
      class: 'safe',
      reasons: ['code'],
      impact: noImpact,
    },
  ];
});
afterEach(async () => {
  test.interrupt();
  await loop.dispose();
  client.close();
  await server.stop();
});

async function start(onSources: DevLoopOptions['onSources'] = () => {}): Promise<void> {
  project = await createTestProject({ [issues]: syncText(), 'integrations/demo/syncs/people.ts': syncText('Person') });
  test = createTestContext({ isJson: true });
  client = createApiClient(server);
  loop = new DevLoop({
    root: project.root,
    target: { server: client, activeVersion: 0 },
    output: test.output,
    signal: test.signal,
    retryMs: 1,
    // The lines that are looked at wait for their types, however long these take.
    typesPatienceMs: 600_000,
    onSources,
  });
  await loop.start();
}

async function save(files: Record<string, string>, changes = Object.keys(files).map(changed)): Promise<void> {
  await project.write(files);
  await loop.save(changes, performance.now());
}

// A test that is ended early disposes of the loop, whose line then says `running`: the limit is far from a busy machine.
describe('DevLoop', { timeout: 120_000 }, () => {
  it('deploys and writes the SDK at the start, then only what a save changes', async () => {
    await start();
    expect(test.events()).toMatchObject([{ type: 'change', types: 'ok', bundles: 2, sdk: 'sdk', version: 1 }]);
    await save({ [issues]: syncText().replace("save('Issue', [])", "save('Issue', [{ id: '1', updatedAt: '' }])") });
    expect(test.events().at(-1)).toMatchObject({ types: 'ok', bundles: 1, sdk: null, version: 2 });
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(3);
  });

  it('writes the SDK again when a model changes, and says how', async () => {
    await start();
    await save({ [issues]: syncText().replace('updatedAt: z.string()', 'updatedAt: z.string(), labels: z.string()') });
    expect(test.events().at(-1)).toMatchObject({ sdk: 'sdk (Issue: +labels)' });
    expect(await readFile(join(project.root, 'src/tenon/integrations/demo.ts'), 'utf8')).toContain('labels: string;');
  });

  it('tells which files the scripts are made from, and builds what imports one that is saved', async () => {
    const sources: ReadonlySet<string>[] = [];
    await start((told) => sources.push(told));
    const imported = `import { empty } from '../../../src/empty';\n${syncText().replace("save('Issue', [])", "save('Issue', empty)")}`;
    await save({ 'src/empty.ts': 'export const empty = [];\n', [issues]: imported }, [changed(issues)]);
    expect([...(sources.at(-1) ?? [])].sort()).toEqual([
      'integrations/demo/syncs/issues.ts',
      'integrations/demo/syncs/people.ts',
      'src/empty.ts',
    ]);
    await save({ 'src/empty.ts': 'export const empty = [];\nexport const more = 1;\nconsole.log(more);\n' });
    expect(test.events().at(-1)).toMatchObject({ type: 'change', bundles: 1, version: 3 });
  });

  it('writes the SDK again when the config says how its files are to name each other', async () => {
    await start();
    const entry = () => readFile(join(project.root, 'src/tenon/index.ts'), 'utf8');
    expect(await entry()).toContain("'./integrations/demo.js'");
    await save({
      'tenon.config.ts': "export default { integrations: { demo: {} }, sdk: { importExtension: 'ts' } };\n",
    });
    expect(test.events().at(-1)).toMatchObject({ type: 'change', sdk: 'sdk' });
    expect(await entry()).toContain("'./integrations/demo.ts'");
  });

  it('goes live with a type error, and shows it', async () => {
    await start();
    await save({ [issues]: `${syncText()}\nexport const n: number = 'text';\n` });
    const [change, problem] = test.events().slice(-2);
    expect(change).toMatchObject({ type: 'change', types: 'failed', version: 2 });
    expect(problem).toMatchObject({ type: 'problem', code: 'types_failed' });
    expect(JSON.stringify(problem)).toContain(issues);
  });

  it('waits for the next save when a script or the config is broken', async () => {
    await start();
    await save({ [issues]: 'export default {' });
    expect(test.events().at(-1)).toMatchObject({ type: 'problem', code: 'bundle_failed' });
    await save({ 'tenon.config.ts': 'export default 1' });
    expect(test.events().at(-1)).toMatchObject({ type: 'problem', code: 'config_invalid' });
    expect(server.state.deployments).toHaveLength(1);
    const config =
      "import { defineConfig } from '@tenon/runtime';\nexport default defineConfig({ integrations: { demo: {} } });\n";
    await save({ 'tenon.config.ts': config, [issues]: syncText() });
    expect(test.events().at(-1)).toMatchObject({ type: 'change', types: 'ok', version: 2 });
  });

  it('takes up new scripts and drops removed ones', async () => {
    await start();
    const path = 'integrations/demo/syncs/more.ts';
    await save({ [path]: syncText('More') }, [{ kind: 'added', path }]);
    expect(server.state.lastManifest?.functions).toHaveLength(3);
    await rm(join(project.root, path));
    await save({}, [{ kind: 'removed', path }]);
    expect(server.state.lastManifest?.functions).toHaveLength(2);
    expect(test.events().at(-1)).toMatchObject({ sdk: 'sdk (-More)' });
  });

  it('waits for a config that is gone, and does not take one of a folder above', async () => {
    await start();
    const above = await createTestProject();
    const root = join(above.root, 'inside');
    await rename(project.root, root);
    const inner = new DevLoop({
      root,
      target: { server: client, activeVersion: 4 },
      output: test.output,
      signal: test.signal,
    });
    await rm(join(root, 'tenon.config.ts'));
    await inner.start();
    expect(test.events().at(-1)).toMatchObject({ type: 'problem', code: 'project_not_found' });
    expect(server.state.deployments).toHaveLength(1);
    await inner.dispose();
    await rename(root, project.root);
  });

  it('moves the SDK when the config names another folder, and mends what others changed in it', async () => {
    await start();
    const config = (out: string) => `export default { integrations: { demo: {} }, sdk: { out: '${out}' } };\n`;
    await save({ 'tenon.config.ts': config('app/api'), 'src/tenon/mine.ts': 'export const mine = 1;\n' });
    expect(test.events().at(-1)).toMatchObject({ type: 'change', sdk: 'sdk (moved to app/api)' });
    expect(await readFile(join(project.root, 'app/api/index.ts'), 'utf8')).toContain('demo');
    expect(await readdir(join(project.root, 'src/tenon'))).toEqual(['mine.ts']);
    await rm(join(project.root, 'app/api'), { recursive: true });
    await save({ [issues]: `${syncText()}\nexport const x = 1;\n` });
    expect(test.events().at(-1)).toMatchObject({ type: 'change', sdk: 'sdk' });
    expect(await readFile(join(project.root, 'app/api/index.ts'), 'utf8')).toContain('demo');
  });

  it('is live although a file in the way keeps the SDK from being written', async () => {
    await start();
    await save(
      {
        'tenon.config.ts': "export default { integrations: { demo: {} }, sdk: { out: 'taken' } };\n",
        'taken/index.ts': 'export const mine = 1;\n',
        [issues]: `${syncText()}\nexport const x = 1;\n`,
      },
      [changed('tenon.config.ts')],
    );
    expect(test.events().slice(-2)).toMatchObject([
      { type: 'change', version: 2, sdk: null },
      { type: 'problem', code: 'file_exists' },
    ]);
    expect(await readFile(join(project.root, 'taken/index.ts'), 'utf8')).toContain('mine');
  });

  it('takes an integration up that the config adds, and drops one with its folder', async () => {
    await start();
    const path = 'integrations/other/syncs/things.ts';
    const config = "export default { integrations: { demo: {}, other: { provider: 'demo' } } };\n";
    await save({ 'tenon.config.ts': config, [path]: syncText('Thing') }, [{ kind: 'added', path }]);
    expect(server.state.lastManifest?.integrations.map(({ name }) => name)).toEqual(['demo', 'other']);
    await rm(join(project.root, 'integrations/other'), { recursive: true });
    await save({ 'tenon.config.ts': 'export default { integrations: { demo: {} } };\n' }, [{ kind: 'removed', path }]);
    expect(server.state.lastManifest?.integrations.map(({ name }) => name)).toEqual(['demo']);
    expect(test.events().at(-1)).toMatchObject({ type: 'change', version: 3 });
  });

  it('reads the config anew when a file that it imports changes', async () => {
    await start();
    await save({
      'config/sdk.ts': "export const sdk = { out: 'one' };\n",
      'tenon.config.ts': "import { sdk } from './config/sdk';\nexport default { integrations: { demo: {} }, sdk };\n",
    });
    await save({ 'config/sdk.ts': "export const sdk = { out: 'two' };\n" });
    expect(test.events().at(-1)).toMatchObject({ type: 'change', sdk: 'sdk (moved to two)' });
  });

  it('says which version runs on, and watches for the file that an import did not find', async () => {
    const sources: string[] = [];
    await start((told) => sources.push(...told));
    await save({ [issues]: `import { one } from '../../../lib/one.js';\n${syncText()}export const two = one;\n` });
    expect(test.events().at(-1)).toMatchObject({ type: 'problem', code: 'bundle_failed', runs: 1 });
    expect(sources).toContain('lib/one.ts');
    await save({ 'lib/one.ts': 'export const one = 1;\n' }, [{ kind: 'added', path: 'lib/one.ts' }]);
    expect(test.events().at(-1)).toMatchObject({ type: 'change', version: 2, runs: 2 });
  });

  it('builds the next save while the types of the one before are still checked', async () => {
    await start();
    const builds = [];
    for (const round of [1, 2, 3]) {
      await project.write({ [issues]: `${syncText()}\nexport const r = ${round};\n` });
      builds.push(loop.save([changed(issues)], performance.now()));
      await expect.poll(() => server.state.deployments.length, { timeout: 10_000 }).toBe(round + 1);
    }
    await Promise.all(builds);
    expect(test.events().filter((event) => (event as { type: string }).type === 'change')).toHaveLength(4);
  });

  it('makes saves that come during a build one build after it', async () => {
    await start();
    const builds: Promise<void>[] = [];
    for (const round of [1, 2, 3, 4]) {
      await project.write({ [issues]: `${syncText()}\nexport const r = ${round};\n` });
      builds.push(loop.save([changed(issues)], performance.now()));
    }
    await Promise.all(builds);
    expect(server.state.deployments.length).toBeLessThanOrEqual(5);
    const { bundle } = server.state.lastManifest?.functions.find(({ name }) => name === 'issues') ?? { bundle: '' };
    expect(server.state.bundles.get(bundle)).toContain('r = 4');
  });

  it('plans again when another deployment came between, and tries again while the server is away', async () => {
    await start();
    server.answerNext('POST /v1/deployments$', refuse(409, 'plan_stale', 'Again.'));
    const away = refuse(503, 'unavailable', 'Restarting.');
    // The client tries three times before it tells.
    server.answerNext('POST /v1/deployments/plan', away, away, away);
    await save({ [issues]: `${syncText()}\nexport const again = 1;\n` });
    expect(test.events().slice(-2)).toMatchObject([
      { type: 'waiting', code: 'unavailable' },
      { type: 'change', version: 2 },
    ]);
  });

  it('ends when the server refuses the key', async () => {
    await start();
    server.answerNext('POST /v1/deployments/plan', refuse(401, 'unauthorized', 'No.'));
    await expect(save({ [issues]: `${syncText()}\nexport const x = 1;\n` })).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });
});
