import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connection as ContractConnection } from '@tenon/runtime/contract';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleManifest } from '../../testing/sample-manifest.ts';
import { sampleConnection, sampleRecord, sampleSync } from '../../testing/samples.ts';
import { emitSdk } from '../emit-sdk.ts';
import { writeSdk } from '../write-sdk.ts';
import { TenonApiError } from './api-error.ts';
import { ConnectClient } from './connect-client.ts';
import { ConnectionsClient, type Connection } from './connections-client.ts';
import { ModelClient } from './model-client.ts';
import { ActionError, isActionError } from './action-error.ts';
import { callAction } from './call-action.ts';
import { Transport, type TenonOptions } from './transport.ts';

interface Issue {
  id: string;
  title?: string;
}

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

function transport(options: Partial<TenonOptions> = {}): Transport {
  return new Transport({ url: `${server.url}/`, apiKey: server.apiKey, ...options });
}

function issues(options: Partial<TenonOptions> = {}): ModelClient<Issue> {
  return new ModelClient({ transport: transport(options), path: ['connections', 'github', 'user 1/ü'] }, 'Issue');
}

async function failureOf(promise: Promise<unknown>): Promise<TenonApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof TenonApiError) return error;
  throw new Error(`Expected a TenonApiError, got ${String(error)}.`);
}

describe('the client of the generated SDK', () => {
  it('reads a list page by page and sends what was asked for', async () => {
    server.state.records = { Issue: ['1', '2', '3'].map((id) => sampleRecord(id)) };
    const titles: string[] = [];
    for await (const issue of issues().list({ pageSize: 2, updatedAfter: new Date(0), deleted: true }))
      titles.push(issue.id);
    expect(titles).toEqual(['1', '2', '3']);
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/v1/connections/github/user%201%2F%C3%BC/records/Issue?limit=2&updatedAfter=1970-01-01T00%3A00%3A00.000Z&deleted=true',
      '/v1/connections/github/user%201%2F%C3%BC/records/Issue?cursor=2&limit=2&updatedAfter=1970-01-01T00%3A00%3A00.000Z&deleted=true',
    ]);
  });

  it('gives each change the cursor from which nothing is missed', async () => {
    const ids = ['1', '2', '3'];
    server.state.changes = { Issue: ids.map((id) => ({ ...sampleRecord(id), change: 'added' as const })) };
    const cursors: (string | undefined)[] = [];
    for await (const change of issues().changes({ pageSize: 2 })) cursors.push(change.cursor);
    expect(cursors).toEqual([undefined, '2', '3']);
    const rest: string[] = [];
    for await (const change of issues().changes({ cursor: '2' })) rest.push(change.id);
    expect(rest).toEqual(['3']);
    const pages = [];
    for await (const page of issues().changes({ pageSize: 2 }).pages()) pages.push([page.cursor, page.hasMore]);
    expect(pages).toEqual([
      ['2', true],
      ['3', false],
    ]);
  });

  it('asks for a connect session', async () => {
    const session = {
      id: 's1',
      token: 'tcs_1',
      url: 'https://tenon.example.com/connect#session=tcs_1',
      expiresAt: 'x',
    };
    server.answerNext('POST', { status: 201, body: session });
    const request = { endUser: { id: 'user1' }, integrations: ['github'], expiresInSeconds: 60 } as const;
    expect(await new ConnectClient(transport()).createSession(request)).toEqual(session);
    expect(server.requests[0]?.url).toBe('/v1/connect/sessions');
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual(request);
  });

  it('types a connection as the API shows it, field for field', () => {
    const ofContract: Connection = sampleConnection({ scopes: ['repo'] });
    // Does not compile when the contract has a field that this client lacks.
    const fieldsOfBoth: readonly (keyof Connection)[] = Object.keys(sampleConnection()) as (keyof ContractConnection)[];
    expect(fieldsOfBoth).toContain('problem');
    expect(ofContract.scopes).toEqual(['repo']);
  });

  it('lists the connections of one integration, tries one and refreshes it', async () => {
    const connections = new ConnectionsClient(transport());
    const shown = sampleConnection();
    const tried = { ok: true, verified: true, durationMs: 12, problem: null };
    server.answerNext('GET', { status: 200, body: { items: [shown], nextCursor: null } });
    server.answerNext('POST', { status: 200, body: tried });
    server.answerNext('POST', { status: 200, body: shown });
    expect(await connections.list({ integration: 'github' }).toArray()).toEqual([shown]);
    expect(await connections.test('github', 'user1')).toEqual(tried);
    expect(await connections.refresh('github', 'user1')).toEqual(shown);
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/v1/connections?integration=github',
      '/v1/connections/github/user1/test',
      '/v1/connections/github/user1/refresh',
    ]);
  });

  it('rejects with what the server says, once for a refusal that waiting does not help', async () => {
    server.answerNext('GET', refuse(404, 'not_found', 'No such record.', { hint: 'Look.', details: { id: '9' } }));
    const error = await failureOf(issues().get('9'));
    expect(error).toMatchObject({
      code: 'not_found',
      status: 404,
      message: 'No such record.',
      hint: 'Look.',
      requestId: 'req-1',
      details: { id: '9' },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('repeats a read that the server was too busy for, as soon as it says', async () => {
    server.state.records = { Issue: [sampleRecord('1')] };
    const busy = { ...refuse(503, 'unavailable', 'Starting.'), headers: { 'retry-after': '0' } };
    const limited = {
      ...refuse(429, 'rate_limited', 'Slow down.'),
      headers: { 'retry-after': new Date(0).toUTCString() },
    };
    server.answerNext('GET', busy, limited);
    expect(await issues().get('1')).toEqual({ id: '1' });
    expect(server.requests).toHaveLength(3);
  });

  it('does not wait for longer than a minute', async () => {
    server.answerNext('GET', { ...refuse(429, 'rate_limited', 'Tomorrow.'), headers: { 'retry-after': '86400' } });
    expect((await failureOf(issues().get('1'))).code).toBe('rate_limited');
    expect(server.requests).toHaveLength(1);
  });

  it('gives up after the retries it was given', async () => {
    const busy = { ...refuse(503, 'unavailable', 'Starting.'), headers: { 'retry-after': '0' } };
    server.answerNext('GET', busy, busy, busy, busy, busy);
    expect((await failureOf(issues({ maxRetries: 2 }).get('1'))).status).toBe(503);
    expect(server.requests).toHaveLength(3);
  });

  it('never repeats a call that may have been carried out', async () => {
    const connections = new ConnectionsClient(transport());
    const connection = { integration: 'github', id: 'u', credentials: { mode: 'none' } } as const;
    server.answerNext('POST', refuse(429, 'provider_rate_limited', "The provider's limit."));
    expect((await failureOf(connections.create(connection))).code).toBe('provider_rate_limited');
    server.answerNext('POST', refuse(502, 'provider_error', 'The provider failed.'));
    expect((await failureOf(connections.create(connection))).code).toBe('provider_error');
    expect(server.requests).toHaveLength(2);
    server.answerNext('POST', { ...refuse(503, 'unavailable', 'Starting.'), headers: { 'retry-after': '0' } });
    expect((await connections.create(connection)).id).toBe('u');
    expect(server.requests).toHaveLength(4);
  });

  it('repeats a read that the network lost, and not a write', async () => {
    let calls = 0;
    const flaky: TenonOptions['fetch'] = (url, init) => {
      calls++;
      if (calls === 1) return Promise.reject(new TypeError('fetch failed'));
      return fetch(url, init);
    };
    server.state.records = { Issue: [sampleRecord('1')] };
    expect(await issues({ fetch: flaky }).get('1')).toEqual({ id: '1' });
    calls = 0;
    const connections = new ConnectionsClient(transport({ fetch: flaky }));
    const error = await failureOf(
      connections.create({ integration: 'github', id: 'u', credentials: { mode: 'none' } }),
    );
    expect(error).toMatchObject({ code: 'network_failed', status: 0 });
  });

  it('says that the url is wrong when something else answers', async () => {
    server.answerNext('GET', { status: 200, body: '<html>' });
    expect((await failureOf(issues({ maxRetries: 0 }).get('1'))).code).toBe('answer_invalid');
    server.answerNext('GET', { status: 418, body: '{"error":"teapot"}' });
    expect(await failureOf(issues({ maxRetries: 0 }).get('1'))).toMatchObject({ code: 'answer_invalid', status: 418 });
  });

  it('ends with the reason of the signal, in a call and between two', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const hanging: TenonOptions['fetch'] = (_, init) =>
      new Promise((_resolve, reject) => {
        init.signal.addEventListener('abort', () => reject(new Error('aborted')));
        controller.abort(reason);
      });
    await expect(issues({ fetch: hanging }).get('1', { signal: controller.signal })).rejects.toBe(reason);

    const between = new AbortController();
    const busy: TenonOptions['fetch'] = async (url, init) => {
      const answer = await fetch(url, init);
      queueMicrotask(() => setTimeout(() => between.abort(reason), 0));
      return answer;
    };
    server.answerNext('GET', { ...refuse(503, 'unavailable', 'Starting.'), headers: { 'retry-after': '30' } });
    await expect(issues({ fetch: busy }).get('1', { signal: between.signal })).rejects.toBe(reason);
  });

  it('gives up on an attempt that takes too long', async () => {
    const hanging: TenonOptions['fetch'] = (_, init) =>
      new Promise((_resolve, reject) => init.signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const error = await failureOf(issues({ fetch: hanging, timeoutMs: 5, maxRetries: 0 }).get('1'));
    expect(error).toMatchObject({ code: 'timed_out', status: 0 });
  });

  it.each(['', '.', '..'])('refuses the id "%s", which would be another address', async (id) => {
    await expect(issues().get(id)).rejects.toThrow(TypeError);
    expect(server.requests).toHaveLength(0);
  });
});

/** An app: what it gets from the SDK, in the order in which it asks. */
const app = `
import { createTenon, TenonApiError } from './tenon/index.js';

export async function run(url: string, apiKey: string): Promise<unknown[]> {
  const tenon = createTenon({ url, apiKey });
  const seen: unknown[] = [];
  await tenon.connections.create({ integration: 'github', id: 'user1', credentials: { mode: 'none' } });
  for await (const connection of tenon.connections.list()) seen.push(connection.id);
  const github = tenon.github.connection('user1');
  for await (const issue of github.issue.list()) seen.push(issue.id);
  for await (const change of github.issue.changes()) seen.push(change.change);
  seen.push(await github.actions.createIssue({ title: 'x' }));
  seen.push((await github.syncs.issues.trigger()).alreadyRunning);
  await github.syncs.issues.pause();
  seen.push((await github.update({ metadata: { plan: 'pro' } })).metadata);
  await github.delete();
  await github.get().catch((error: unknown) => seen.push(error instanceof TenonApiError && error.code));
  return seen;
}
`;

describe('the generated SDK as an app runs it', () => {
  let folder: string;
  let run: (url: string, apiKey: string) => Promise<unknown[]>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenon-sdk-run-'));
    await writeSdk(join(folder, 'tenon'), await emitSdk(sampleManifest(), { importExtension: 'js' }));
    await writeFile(join(folder, 'app.ts'), app);
    const outfile = join(folder, 'app.mjs');
    // Bundled for a browser, which fails on whatever only Node has.
    await build({ entryPoints: [join(folder, 'app.ts')], outfile, bundle: true, format: 'esm', platform: 'browser' });
    const module = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as { run: typeof run };
    run = module.run;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('does what the types promise', async () => {
    server.state.records = { Issue: [sampleRecord('7')] };
    server.state.changes = { Issue: [{ ...sampleRecord('7'), change: 'updated' }] };
    server.state.actions = { 'create-issue': (input) => ({ number: 1, echo: input }) };
    server.state.syncs = [sampleSync()];
    expect(await run(server.url, server.apiKey)).toEqual([
      'user1',
      '7',
      'updated',
      { number: 1, echo: { title: 'x' } },
      false,
      { plan: 'pro' },
      'not_found',
    ]);
  });

  it('gives the errors that an action declares their payload', async () => {
    const details = { error: 'title_taken', payload: { number: 7 }, runId: 'r' };
    server.answerNext('POST', refuse(422, 'action_failed', 'There is an issue of that title.', { details }));
    const context = { transport: transport(), path: ['connections', 'github', 'user1'] };
    const error = await failureOf(callAction(context, 'create-issue', { input: {} }));
    expect(error).toBeInstanceOf(ActionError);
    expect(error).toMatchObject({ error: 'title_taken', payload: { number: 7 }, code: 'action_failed', status: 422 });
    expect(isActionError(error, ['title_taken'])).toBe(true);
    expect(isActionError(error, ['issues_disabled'])).toBe(false);
  });
});
