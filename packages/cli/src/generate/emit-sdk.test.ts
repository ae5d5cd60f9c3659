import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ActionManifest, Manifest, SyncManifest } from '@tenon/runtime/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTypeChecker } from '../compile/find-type-checker.ts';
import { sampleManifest } from '../testing/sample-manifest.ts';
import { emitSdk } from './emit-sdk.ts';
import { generatedHeader, type SdkFile } from './sdk-file.ts';

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  erasableSyntaxOnly: true,
  declaration: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  skipLibCheck: true,
  target: 'es2022',
  noEmit: true,
};

/** How an app uses the SDK; every @ts-expect-error must be an error, or tsc complains. */
const usage = (extension: string) => `
import { openConnect, ConnectError } from './tenon/connect.${extension}';
import { createTenon, TenonApiError, type Change, type Github } from './tenon/index.${extension}';

const tenon = createTenon({ url: 'https://tenon.example.com', apiKey: 'key', fetch });
const github = tenon.github.connection('user1');

export async function read(cursor: string | undefined, signal: AbortSignal): Promise<string | undefined> {
  for await (const issue of github.issue.list({ updatedAfter: new Date(0), signal })) {
    const title: string = issue.title;
    const state: 'open' | 'closed' = issue.state;
    const author: string = issue.author.login;
    const count: number = issue['reactions-count'];
    const [x, y]: [number, number] = issue.point;
    const label: string | undefined = issue.labels?.[0]?.color;
    // @ts-expect-error -- it may be absent
    issue.labels.length;
    // @ts-expect-error -- no such field
    issue.nothing;
    // @ts-expect-error -- an index may be out of range
    issue.assignees[0].login;
    // @ts-expect-error -- what nobody declared is unknown
    issue.raw.length;
    console.log(title, state, author, count, x, y, label);
  }
  let last = cursor;
  for await (const change of github.issue.changes({ cursor })) {
    const kind: 'added' | 'updated' | 'deleted' = change.change;
    console.log(kind, change.data.title, change.deletedAt);
    last = change.cursor;
  }
  for await (const page of github.issue.changes().pages()) last = page.cursor;
  const replies: Github.Comment[] = (await github.comment.get('1')).replies;
  const tickets: { subject: string }[] = [];
  for await (const ticket of tenon.helpDesk.connection('a').ticket.records()) tickets.push(ticket.data);
  console.log(replies, tickets);
  return last;
}

export async function act(body: string | undefined): Promise<void> {
  const made = await github.actions.createIssue({ title: 'x', body }, { timeoutMs: 1_000 });
  const number: number = made.number;
  try {
    await github.actions.createIssue({ title: 'taken' });
  } catch (error) {
    if (!github.actions.isCreateIssueError(error)) throw error;
    if (error.error === 'title_taken') {
      const taken: number = error.payload.number;
      console.log(taken);
    } else {
      const repository: string = error.payload.repository;
      // @ts-expect-error -- the payload of the other error
      error.payload.number;
      console.log(repository, error.message);
    }
  }
  // @ts-expect-error -- the title is missing
  await github.actions.createIssue({});
  // @ts-expect-error -- a field that the input does not have
  await github.actions.createIssue({ title: 'x', labels: [] });
  // @ts-expect-error -- no such action
  await github.actions.deleteIssue({});
  await github.actions.whoami();
  await github.syncs.issues.trigger();
  await tenon.connections.create({ integration: 'github', id: 'u', credentials: { mode: 'none' } });
  // @ts-expect-error -- no such integration
  await tenon.connections.create({ integration: 'gitlab', id: 'u', credentials: { mode: 'none' } });
  const session = await tenon.connect.createSession({
    endUser: { id: 'user1' },
    integrations: ['github'],
    defaults: { github: { scopes: ['repo'] } },
  });
  // @ts-expect-error -- no such integration
  await tenon.connect.createSession({ endUser: { id: 'user1' }, integrations: ['gitlab'] });
  const connected: { integration: string; connection: string } = await openConnect({ url: session.url });
  const problem: 'revoked' | 'provider_down' | 'misconfigured' | undefined = (await github.get()).problem?.class;
  console.log(connected, problem, ConnectError);
  // @ts-expect-error -- a url and a key are needed
  createTenon({});
  console.log(number);
}

export function explain(error: unknown, change: Change<Github.Issue>): string | undefined {
  return error instanceof TenonApiError ? error.hint : change.data.title;
}
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-sdk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function typeCheck(files: readonly SdkFile[], options: { compiler: object; usage?: string }): Promise<string> {
  const texts: [string, string][] = [
    ...files.map((file): [string, string] => [`tenon/${file.path}`, file.text]),
    ['package.json', '{ "type": "module" }'],
    ['tsconfig.json', JSON.stringify({ compilerOptions: { ...strict, ...options.compiler }, include: ['**/*.ts'] })],
    ...(options.usage === undefined ? [] : [['usage.ts', options.usage] as [string, string]]),
  ];
  for (const [path, text] of texts) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const result = spawnSync(await findTypeChecker(), ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  return result.stdout + result.stderr;
}

const nodeTypes = dirname(dirname(createRequire(import.meta.url).resolve('@types/node/package.json')));

describe('emitSdk', () => {
  it('writes the SDK that is kept beside this test', async () => {
    const files = await emitSdk(sampleManifest());
    for (const path of ['index.ts', 'integrations/github.ts', 'integrations/help-desk.ts']) {
      const text = files.find((file) => file.path === path)?.text;
      await expect(text).toMatchFileSnapshot(`./fixtures/sample-sdk/${path}.txt`);
    }
  });

  it('gives the same bytes for the same project, whatever order its scripts come in', async () => {
    const manifest = sampleManifest();
    const reversed: Manifest = {
      ...manifest,
      integrations: manifest.integrations.toReversed(),
      functions: manifest.functions.toReversed(),
    };
    expect(await emitSdk(reversed)).toEqual(await emitSdk(manifest));
  });

  it('passes the strictest type check with the DOM, nodenext and .js imports, and so does what uses it', async () => {
    const compiler = { module: 'nodenext', lib: ['es2022', 'dom'], types: [] };
    expect(await typeCheck(await emitSdk(sampleManifest()), { compiler, usage: usage('js') })).toBe('');
  });

  it("passes it with Node's types, a bundler's resolution and .ts imports", async () => {
    const compiler = {
      module: 'esnext',
      moduleResolution: 'bundler',
      allowImportingTsExtensions: true,
      lib: ['es2022'],
      types: ['node'],
      typeRoots: [nodeTypes],
    };
    const files = await emitSdk(sampleManifest(), { importExtension: 'ts' });
    expect(await typeCheck(files, { compiler, usage: usage('ts') })).toBe('');
  });

  it('starts every file with the header and imports nothing from outside', async () => {
    for (const { path, text } of await emitSdk(sampleManifest())) {
      expect(text.startsWith(generatedHeader), path).toBe(true);
      for (const [, from] of text.matchAll(/from '([^']+)'/g)) expect(from).toMatch(/^\.\.?\//);
    }
  });

  it('gives models that clash with its own names another name, and compiles', async () => {
    const manifest = sampleManifest();
    const sync = manifest.functions.find((entry): entry is SyncManifest => entry.kind === 'sync');
    const action = manifest.functions.find((entry): entry is ActionManifest => entry.kind === 'action');
    if (!sync || !action) throw new Error('The sample has both.');
    const schema = { type: 'object', properties: { id: { type: 'string' } } };
    const clashing = [
      'Promise',
      'ModelClient',
      'GithubConnection',
      'Actions',
      'Then',
      'Context',
      'Record',
      'Date',
      'Id',
    ];
    manifest.functions = [
      { ...sync, name: 'constructor', models: clashing.map((name) => ({ name, schema })) },
      { ...action, name: 'then' },
      { ...action, name: 'constructor' },
      { ...action, name: 'delete' },
    ];
    manifest.integrations = ['github', 'connections', 'tenon', 'then'].map((name) => ({
      name,
      provider: 'github',
      values: {},
      authorizationParameters: {},
    }));
    const files = await emitSdk(manifest);
    const text = files.find(({ path }) => path === 'integrations/github.ts')?.text;
    expect(text).toContain('get actionsModel(): ModelClient<Actions>');
    expect(text).toContain('get promise(): ModelClient<PromiseModel>');
    expect(text).toContain('thenAction(');
    const compiler = { module: 'nodenext', lib: ['es2022', 'dom'], types: [] };
    expect(await typeCheck(files, { compiler })).toBe('');
  });

  it('refuses names that differ only in dashes, and says which', async () => {
    const manifest = sampleManifest();
    const action = manifest.functions.find((entry) => entry.kind === 'action');
    if (!action) throw new Error('The sample has one.');
    manifest.functions = [
      { ...action, name: 'make-1' },
      { ...action, name: 'make1' },
    ];
    await expect(emitSdk(manifest)).rejects.toMatchObject({
      code: 'definition_duplicate',
      message: expect.stringContaining('make-1') as string,
    });
  });

  it('compiles for a project that has nothing yet', async () => {
    const files = await emitSdk({ ...sampleManifest(), integrations: [], functions: [] });
    const compiler = { module: 'nodenext', lib: ['es2022', 'dom'], types: [] };
    expect(await typeCheck(files, { compiler })).toBe('');
  });
});
