import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { startSandboxApi } from '@tenon/sandbox-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProjectFolder, tsconfig, type TestProject } from '../harness/create-project.ts';
import { cliPath, expectCli } from '../harness/run-cli.ts';
import { startProcess, type RunningProcess } from '../harness/start-process.ts';
import { waitUntil } from '../harness/wait-until.ts';

const script = 'integrations/sandbox/syncs/notes.ts';

/** A sync that saves what its code says, when it ends. */
const notes = (text: string, waitMs = 0) => `import { defineSync, z } from '@tenon/runtime';
const Note = z.object({ id: z.string(), text: z.string() });
export default defineSync({
  models: { Note },
  async run(sync) {
    sync.log.info('began ${text}');
    await new Promise((resolve) => setTimeout(resolve, ${waitMs}));
    await sync.save('Note', [{ id: '${text}', text: '${text}' }]);
  },
  async onWebhook(sync, event) {
    await sync.save('Note', [event.body as { id: string; text: string }]);
  },
});
`;

let sandbox: Awaited<ReturnType<typeof startSandboxApi>>;
let project: TestProject;
let dev: RunningProcess;

const tenon = (...cliArguments: string[]) => expectCli(cliArguments, { cwd: project.root });
const events = () =>
  dev
    .output()
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as { type: string; runs?: number }] : []));
const count = (type: string) => events().filter((event) => event.type === type).length;
const waitForMore = (type: string, before: number) =>
  waitUntil(`another ${type}`, async () => (count(type) > before ? true : undefined));

const readData = (file: string) => readFile(path.join(project.root, '.tenon', file), 'utf8');

async function call(method: 'GET' | 'POST', route: string): Promise<Record<string, unknown>> {
  const { url } = JSON.parse(await readData('server.json')) as { url: string };
  const authorization = `Bearer ${(await readData('api-key')).trim()}`;
  const answer = await fetch(`${url}/v1/connections/sandbox/acme/${route}`, { method, headers: { authorization } });
  return (await answer.json()) as Record<string, unknown>;
}

async function listNotes(): Promise<string[]> {
  const { items } = await call('GET', 'records/Note?limit=500');
  return (items as { id: string }[]).map(({ id }) => id);
}

beforeAll(async () => {
  sandbox = await startSandboxApi({ port: 0 });
  project = await createProjectFolder();
  await project.write('package.json', '{ "name": "project", "private": true, "type": "module" }\n');
  await project.write(
    'tenon.config.ts',
    "import { defineConfig } from '@tenon/runtime';\nexport default defineConfig({ integrations: { sandbox: {} } });\n",
  );
  await project.write('tsconfig.json', tsconfig.replace('"types":[]', '"types":[],"lib":["es2022","dom"]'));
  await project.write(script, notes('first'));
  dev = startProcess([process.execPath, cliPath, 'dev', '--json'], {
    cwd: project.root,
    env: { TENON_PORT: '0' },
  });
  await dev.waitForOutput(/"type":"change"/);
  await tenon(
    'connect',
    'sandbox',
    '--connection',
    'acme',
    '--api-key',
    'sandbox-key',
    '--field',
    `baseUrl=${sandbox.url}`,
  );
}, 120_000);

afterAll(async () => {
  await dev.stop('SIGINT');
  await sandbox.stop();
  await project.remove();
});

describe('tenon dev, with a server', () => {
  it('lets a run in flight end on its code, and ends with the last of a hundred saves', async () => {
    await project.write(script, notes('slow', 3_000));
    await waitForMore('change', 1);
    await call('POST', 'syncs/notes/trigger');
    await dev.waitForOutput(/began slow/);
    for (let round = 1; round <= 100; round++) {
      const text = notes(`round-${round}`);
      // As editors do: over the file, or beside it and renamed over it.
      if (round % 3 === 0) await project.write(script, text);
      else {
        await project.write(`${script}.draft`, text);
        await rename(path.join(project.root, `${script}.draft`), path.join(project.root, script));
      }
      if (round % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await waitUntil('the run in flight has saved what it began with', async () =>
      (await listNotes()).includes('slow') ? true : undefined,
    );
    await waitUntil('the last save is live', async () => {
      await call('POST', 'syncs/notes/trigger');
      return (await listNotes()).includes('round-100') ? true : undefined;
    });
  }, 120_000);

  it('says which version runs while the project is broken or gone, and goes on when it is mended', async () => {
    const problems = count('problem');
    await rm(path.join(project.root, 'tenon.config.ts'));
    await waitForMore('problem', problems);
    expect(events().findLast(({ type }) => type === 'problem')).toMatchObject({
      code: 'project_not_found',
      runs: expect.any(Number) as number,
    });
    await project.write(
      'tenon.config.ts',
      'export default { integrations: { sandbox: {} }, sdk: { out: "app/sdk" } };\n',
    );
    // The line of a save before may still wait for its types, and come in between.
    await dev.waitForOutput(/"type":"change".*"sdk":"sdk \(moved to app\/sdk\)"/);
  }, 60_000);

  it('starts a server that was killed again, where it was, and gives it the new .env', async () => {
    const { pid, url } = JSON.parse(await readData('server.json')) as { pid: number; url: string };
    process.kill(pid, 'SIGKILL');
    await waitForMore('server-restarted', 0);
    expect(JSON.parse(await readData('server.json'))).toMatchObject({ url });
    await project.write('.env', 'TENON_VAR_TOLD=by-file\n');
    await waitForMore('server-restarted', 1);
    expect(await listNotes()).toContain('slow');
  }, 120_000);

  it('takes an event that is sent from the command line', async () => {
    const note = JSON.stringify({ id: 'told', text: 'told' });
    const printed = await tenon('webhooks', 'send', 'sandbox.notes', '--connection', 'acme', '--data', note);
    expect(printed).toMatch(/^✓ sandbox\/notes acme \+1 ~0 -0 in /);
    expect(await listNotes()).toContain('told');
  }, 60_000);
});
