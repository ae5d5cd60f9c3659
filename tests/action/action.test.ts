import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { noImpact } from '@tenon/runtime/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FakeServer } from '../../packages/cli/src/testing/fake-server.ts';
import { createWorkflowText } from '../../packages/cli/src/scaffold/workflow-text.ts';
import { createProjectFolder, tsconfig, type TestProject } from '../harness/create-project.ts';
import { cliPath } from '../harness/run-cli.ts';

const repository = path.resolve(import.meta.dirname, '../..');

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly shell: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { description: string; default?: string }>>;
  readonly outputs: Readonly<Record<string, { description: string; value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = parse(await readFile(path.join(repository, 'action.yml'), 'utf8')) as Action;
const [work, comment] = action.runs.steps;

const manifests = {
  'package.json': '{ "name": "project", "private": true, "type": "module" }\n',
  'package-lock.json': '{}\n',
  'tsconfig.json': tsconfig,
};

// One project for all: what a test writes into it, it takes back.
let project: TestProject;
let server: FakeServer;
let staging: FakeServer;
let runner: string;

beforeAll(async () => {
  project = await createProjectFolder();
  runner = path.join(project.root, '../runner');
  for (const [file, text] of Object.entries(manifests)) await project.write(file, text);
  await mkdir(path.join(project.root, 'node_modules/.bin'), { recursive: true });
  await symlink(cliPath, path.join(project.root, 'node_modules/.bin/tenon'));
  await mkdir(path.join(runner, 'bin'), { recursive: true });
});
afterAll(() => project.remove());
beforeEach(async () => {
  [server, staging] = await Promise.all([FakeServer.start(), FakeServer.start()]);
  await project.write(
    'tenon.config.ts',
    `import { defineConfig } from '@tenon/runtime';
export default defineConfig({
  integrations: { github: {} },
  environments: {
    prod: { url: '${server.url}' },
    staging: { url: '${staging.url}', apiKeyVariable: 'STAGING_KEY' },
  },
});
`,
  );
});
afterEach(() => Promise.all([server.stop(), staging.stop()]));

/** What GitHub puts in the place of `${{ ... }}`, for the few expressions that the action has. */
function evaluate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_all, expression: string) => {
    const names = expression.split(' || ');
    for (const name of names) {
      const input = /^inputs\.(.+)$/.exec(name)?.[1];
      if (input !== undefined && !Object.hasOwn(action.inputs, input)) throw new Error(`There is no input ${input}.`);
      const value = values[name] ?? (input === undefined ? '' : (action.inputs[input]?.default ?? ''));
      if (value !== '' && !value.includes('${{')) return value;
    }
    return '';
  });
}

interface Ran {
  readonly exitCode: number | null;
  readonly printed: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs a step's own bash, as a runner of GitHub does. */
async function runStep(
  step: Step | undefined,
  values: Record<string, string> = {},
  jobEnv: Record<string, string> = {},
): Promise<Ran> {
  if (step === undefined) throw new Error('The action has no such step.');
  const files = { GITHUB_OUTPUT: path.join(runner, 'output'), GITHUB_STEP_SUMMARY: path.join(runner, 'summary') };
  for (const file of Object.values(files)) await writeFile(file, '');
  const script = path.join(runner, 'step.sh');
  await writeFile(script, step.run);
  const env = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, evaluate(text, values)]));
  // As runners call it for `shell: bash`.
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd: project.root,
    env: {
      PATH: `${path.join(runner, 'bin')}:${process.env['PATH']}`,
      HOME: process.env['HOME'],
      RUNNER_TEMP: runner,
      GITHUB_ACTION_PATH: repository,
      GITHUB_REPOSITORY: 'acme/app',
      npm_config_offline: 'true',
      ...files,
      ...jobEnv,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += String(chunk)));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines = (await readFile(files.GITHUB_OUTPUT, 'utf8')).split('\n').filter(Boolean);
  const outputs = Object.fromEntries(lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]));
  return { exitCode, printed, outputs, summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8') };
}

const withServer = (more: Record<string, string> = {}) => ({
  'inputs.url': server.url,
  'inputs.api-key': server.apiKey,
  ...more,
});

const keyOf = ({ apiKey }: FakeServer) => ({ 'inputs.api-key': apiKey });

const preview = {
  name: 'pr-7',
  kind: 'preview',
  activeVersion: 0,
  borrowed: [],
  parent: 'dev',
  createdAt: '2026-01-02T03:04:05.000Z',
  created: true,
  expiresAt: '2999-01-02T03:04:05.000Z',
  ttlMs: 43_200_000,
  allowWrites: false,
};

const change = (over: object = {}) => ({
  action: 'create' as const,
  kind: 'sync' as const,
  integration: 'github',
  name: 'issues',
  class: 'safe' as const,
  impact: noImpact,
  reasons: ['new'],
  ...over,
});

describe('action.yml', { timeout: 120_000 }, () => {
  it('puts nothing from outside into the text of a script', () => {
    expect(action.runs.using).toBe('composite');
    for (const step of action.runs.steps) {
      expect(step.shell).toBe('bash');
      expect(step.run).not.toContain('${{');
    }
  });

  it('explains each input and output, uses every input, and fills every output', async () => {
    const text = await readFile(path.join(repository, 'action.yml'), 'utf8');
    for (const [name, input] of Object.entries(action.inputs)) {
      expect(input.description, name).not.toBe('');
      expect(text, name).toMatch(new RegExp(`inputs\\.${name}[ ']`));
    }
    const script = await readFile(path.join(repository, 'scripts/action/run-tenon.sh'), 'utf8');
    for (const [name, output] of Object.entries(action.outputs)) {
      expect(output.value).toBe(`\${{ steps.tenon.outputs.${name} }}`);
      expect(script).toContain(`put_output ${name} `);
    }
  });

  it('does the same as the workflow that `tenon init` writes', () => {
    const workflow = parse(createWorkflowText('npm')) as {
      jobs: { tenon: { steps: Array<{ run?: string; env?: Record<string, string> }> } };
    };
    const { steps } = workflow.jobs.tenon;
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual([
      'npm ci',
      'npx tenon check',
      'npx tenon test --pass-with-none',
      'npx tenon plan --format markdown >> "$GITHUB_STEP_SUMMARY" || [ $? -eq 2 ]',
      'npx tenon deploy --yes --external-id "$GITHUB_SHA"',
    ]);
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
    const withKey = steps.filter(({ env }) => env?.['TENON_API_KEY']).map(({ run }) => run?.split(' ')[2]);
    expect(withKey).toEqual(['plan', 'deploy']);
  });

  it('checks, with no key at all', async () => {
    const ran = await runStep(work);
    expect(ran, ran.printed).toMatchObject({ exitCode: 0, outputs: {} });
    expect(server.requests).toEqual([]);
  });

  it('fails with the exit code of the command', async () => {
    await project.write('tenon.config.ts', 'export default 1;\n');
    expect(await runStep(work)).toMatchObject({ exitCode: 11 });
    expect(await runStep(work, { 'inputs.command': 'destroy' })).toMatchObject({ exitCode: 11 });
  });

  it('plans: changes are no failure, and come as outputs, files and a summary', async () => {
    server.state.plan = { changes: [change(), change({ name: 'old', action: 'delete', class: 'destructive' })] };
    const ran = await runStep(work, withServer({ 'inputs.command': 'plan' }));
    expect(ran, ran.printed).toMatchObject({ exitCode: 0, outputs: { changes: '2', destructive: 'true' } });
    expect(ran.summary).toMatch(/^<!-- tenon-plan:dev -->\n[\s\S]*github\/issues/);
    expect(await readFile(ran.outputs['plan-markdown'] ?? '', 'utf8')).toBe(ran.summary);
    expect(server.requests.map(({ url }) => url)).toEqual(['/v1/deployments/plan']);
  });

  it('deploys exactly what an earlier step planned, and nothing once that has moved', async () => {
    server.state.plan = { changes: [change()] };
    const planned = await runStep(work, withServer({ 'inputs.command': 'plan' }));
    const saved = { 'inputs.command': 'deploy', 'inputs.plan-file': planned.outputs['plan-file'] ?? '' };
    const ran = await runStep(work, withServer({ ...saved, 'inputs.external-id': 'abc' }));
    expect(ran, ran.printed).toMatchObject({ exitCode: 0, outputs: { changes: '1', version: '1' } });
    expect(ran.summary).toBe('Tenon: version 1 is live.\n');
    expect(server.state.deployments).toMatchObject([{ version: 1, externalId: 'abc' }]);
    const again = await runStep(work, withServer(saved));
    expect(again).toMatchObject({ exitCode: 12, outputs: {}, printed: expect.stringContaining('plan_stale') });
  });

  it('makes the preview of a pull request, for the time that is asked for', async () => {
    server.state.plan = { changes: [change()] };
    server.answerNext('PUT /v1/environments/pr-7', { status: 200, body: preview });
    const asked = { 'inputs.command': 'preview', 'inputs.environment': 'prod', 'inputs.ttl': '12h' };
    const ran = await runStep(work, {
      ...asked,
      'inputs.api-key': server.apiKey,
      'github.event.pull_request.number': '7',
    });
    expect(ran, ran.printed).toMatchObject({ exitCode: 0, outputs: { version: '1' } });
    const made = server.requests.find(({ method, url }) => method === 'PUT' && url.startsWith('/v1/environments/'));
    expect(JSON.parse(made?.body ?? '')).toMatchObject({ ttlMs: 43_200_000 });
    const deployed = server.requests.find(({ method, url }) => method === 'POST' && url === '/v1/deployments');
    expect(deployed?.headers['tenon-environment']).toBe('pr-7');
    expect(await runStep(work, withServer(asked))).toMatchObject({ exitCode: 11 });
  });

  it('promotes from one environment to another, each with its own key', async () => {
    staging.state.plan = { changes: [change()] };
    await runStep(work, { 'inputs.command': 'deploy', 'inputs.environment': 'staging', ...keyOf(staging) });
    expect(staging.state.deployments).toMatchObject([{ version: 1, active: true }]);
    server.state.plan = { changes: [change()] };
    const asked = { 'inputs.command': 'promote', 'inputs.from': 'staging', 'inputs.environment': 'prod' };
    const ran = await runStep(work, { ...asked, ...keyOf(server) }, { STAGING_KEY: staging.apiKey });
    expect(ran, ran.printed).toMatchObject({ exitCode: 0, outputs: { version: '1', changes: '1' } });
    expect(server.state.deployments).toMatchObject([{ source: { version: 1, server: staging.url } }]);
    expect(await runStep(work, { ...keyOf(server), 'inputs.command': 'promote' })).toMatchObject({ exitCode: 11 });
  });

  it('fails when the plan cannot be made, and says why', async () => {
    const ran = await runStep(work, withServer({ 'inputs.command': 'plan', 'inputs.api-key': 'wrong' }));
    expect(ran).toMatchObject({ exitCode: 13, printed: expect.stringContaining('unauthorized') });
  });

  it('only checks a pull request of a fork, which has no secrets, and refuses anything else without a key', async () => {
    const fork = { 'inputs.command': 'plan', 'github.event.pull_request.number': '7' };
    const ran = await runStep(work, fork);
    expect(ran, ran.printed).toMatchObject({ exitCode: 0, printed: expect.stringContaining('only checked') });
    expect(ran.outputs).toEqual({});
    expect(await runStep(work, { 'inputs.command': 'deploy' })).toMatchObject({ exitCode: 11 });
    expect(server.requests).toEqual([]);
  });

  it('deploys, and refuses to destroy unless it is allowed', async () => {
    server.state.plan = { changes: [change({ class: 'destructive', action: 'delete' })] };
    const refused = await runStep(work, withServer({ 'inputs.command': 'deploy' }));
    expect(refused, refused.printed).toMatchObject({ exitCode: 12, outputs: {} });
    const allowed = { 'inputs.command': 'deploy', 'inputs.allow-destructive': 'true', 'github.sha': 'abc' };
    const ran = await runStep(work, withServer(allowed));
    expect(ran, ran.printed).toMatchObject({ exitCode: 0, outputs: { changes: '1', version: '1' } });
    expect(ran.summary).toContain('version 1 is live');
  });

  it('runs no code from a branch, an id or a folder that somebody named cleverly', async () => {
    const evil = '"; touch pwned; $(touch pwned) `touch pwned`';
    const values = { 'github.head_ref': evil, 'inputs.external-id': evil, 'inputs.environment': evil };
    await runStep(work, withServer({ ...values, 'inputs.command': 'deploy' }));
    await runStep(work, withServer({ ...values, 'inputs.working-directory': evil }));
    await runStep(comment, { 'github.event.pull_request.number': evil });
    await expect(readFile(path.join(project.root, 'pwned'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes the package manager of the lock file, or the one that is named', async () => {
    const fake = '#!/usr/bin/env bash\necho "$(basename "$0") $*"\n';
    for (const name of ['pnpm', 'yarn', 'bunx']) {
      await writeFile(path.join(runner, 'bin', name), fake);
      await chmod(path.join(runner, 'bin', name), 0o755);
    }
    await project.write('pnpm-lock.yaml', '');
    expect((await runStep(work)).printed).toContain('pnpm exec tenon check');
    expect((await runStep(work, { 'inputs.package-manager': 'yarn' })).printed).toContain('yarn run tenon check');
    expect((await runStep(work, { 'inputs.package-manager': 'bun' })).printed).toContain('bunx --no-install tenon');
    expect(await runStep(work, { 'inputs.package-manager': 'rush' })).toMatchObject({ exitCode: 11 });
  });
});

describe('the comment', { timeout: 120_000 }, () => {
  /** Answers as gh does, from a file, and notes what was asked. */
  async function installGh(comments: object[]): Promise<() => Promise<string>> {
    const log = path.join(runner, 'gh.log');
    await writeFile(log, '');
    await writeFile(path.join(runner, 'comments.json'), JSON.stringify(comments));
    const gh = `#!/usr/bin/env bash
echo "$*" >>"${log}"
for argument in "$@"; do case $argument in body=@*) cat "\${argument#body=@}" >>"${log}" ;; esac; done
case "$*" in *--paginate*) cat "${path.join(runner, 'comments.json')}" ;; esac
`;
    await writeFile(path.join(runner, 'bin/gh'), gh);
    await chmod(path.join(runner, 'bin/gh'), 0o755);
    return () => readFile(log, 'utf8');
  }

  const about = async (markdown: string) => {
    const file = path.join(runner, 'plan.md');
    await writeFile(file, markdown);
    return { 'github.event.pull_request.number': '7', 'steps.tenon.outputs.plan-markdown': file };
  };

  it('is written once, then replaced', async () => {
    const markdown = '<!-- tenon-plan:prod -->\n2 changes\n';
    const readFirst = await installGh([{ id: 1, body: 'Nice ][ work' }]);
    expect(await runStep(comment, await about(markdown))).toMatchObject({ exitCode: 0 });
    expect(await readFirst()).toContain('--method POST repos/acme/app/issues/7/comments');
    const readSecond = await installGh([
      { id: 1, body: 'Nice work' },
      { id: 5, body: '<!-- tenon-plan:dev -->\nanother environment' },
      { id: 9, body: '<!-- tenon-plan:prod -->\n1 change' },
    ]);
    expect(await runStep(comment, await about(markdown))).toMatchObject({ exitCode: 0 });
    const said = await readSecond();
    expect(said).toContain('--method PATCH repos/acme/app/issues/comments/9');
    expect(said).toContain('2 changes');
    expect(said).not.toContain('POST');
  });

  it('is not written when there is no plan', async () => {
    const read = await installGh([]);
    expect(await runStep(comment, await about('2 changes\n'))).toMatchObject({ exitCode: 11 });
    expect(await read()).toBe('');
  });
});
