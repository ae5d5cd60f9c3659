import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { LiveEvent } from '@tenon/runtime/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeServer, refuse } from '../testing/fake-server.ts';
import { sampleManifest } from '../testing/sample-manifest.ts';
import { sampleConnection, sampleLog, sampleRecord, sampleRun, sampleSync } from '../testing/samples.ts';
import type { ApiClient } from './api-client.ts';
import { createApiClient } from './create-api-client.ts';

let server: FakeServer;
let client: ApiClient;

beforeEach(async () => {
  server = await FakeServer.start();
  client = createApiClient(server);
});
afterEach(async () => {
  client.close();
  await server.stop();
});

const ref = { integration: 'github', connection: 'user1' };

describe('createApiClient', () => {
  it('speaks every route as the contract has it', async () => {
    const run = sampleRun();
    Object.assign(server.state, {
      connections: [sampleConnection()],
      records: { Issue: [sampleRecord('1')] },
      changes: { Issue: [{ ...sampleRecord('1'), change: 'added' }] },
      actions: { echo: (input: unknown) => input },
      syncs: [sampleSync()],
      runs: [run],
      logs: [sampleLog(run.id)],
    });
    expect((await client.whoami()).environment).toBe('dev');
    expect((await client.listConnections()).items).toHaveLength(1);
    expect((await client.getConnection(ref)).id).toBe('user1');
    expect((await client.listRecords({ ...ref, model: 'Issue' }, { deleted: 'include' })).items[0]?.id).toBe('1');
    expect((await client.getRecord({ ...ref, model: 'Issue', id: '1' })).id).toBe('1');
    expect((await client.listChanges({ ...ref, model: 'Issue' })).hasMore).toBe(false);
    expect((await client.callAction({ ...ref, action: 'echo' }, { a: 1 })).output).toEqual({ a: 1 });
    expect((await client.listSyncs()).items).toHaveLength(1);
    expect((await client.triggerSync({ ...ref, sync: 'issues' })).alreadyRunning).toBe(false);
    await client.pauseSync({ ...ref, sync: 'issues' });
    await client.resumeSync({ ...ref, sync: 'issues' });
    expect((await client.listRuns({ status: 'succeeded' })).items.length).toBeGreaterThan(0);
    expect((await client.getRun(run.id)).id).toBe(run.id);
    await client.cancelRun(run.id);
    expect((await client.listLogs({ runId: run.id })).items).toHaveLength(1);
    const manifest = sampleManifest();
    const plan = await client.planDeployment(manifest);
    expect(plan.missingBundles).toHaveLength(4);
    await client.uploadBundle('a'.repeat(64), 'module.exports = 1;');
    expect(server.state.bundles.get('a'.repeat(64))).toBe('module.exports = 1;');
    expect((await client.createDeployment({ manifest, baseVersion: 0 })).version).toBe(1);
    expect((await client.listDeployments()).items).toHaveLength(1);
    expect((await client.activateDeployment(1)).active).toBe(true);
    await client.deleteConnection(ref);
    expect(server.state.connections).toEqual([]);
  });

  it("throws the server's own code, hint and details", async () => {
    server.answerNext('GET', refuse(409, 'plan_stale', 'Plan again.', { hint: 'Run it again.', details: { base: 2 } }));
    await expect(client.whoami()).rejects.toMatchObject({
      code: 'plan_stale',
      message: 'Plan again.',
      hint: 'Run it again.',
      details: { base: 2, requestId: 'req-1' },
    });
  });

  it.each([
    [404, 'not_found'],
    [401, 'unauthorized'],
    [422, 'request_invalid'],
    [500, 'internal'],
  ])('reads a code of a newer server by its status %i', async (status, code) => {
    server.answerNext('GET', refuse(status, 'from_the_future', 'Unknown.'));
    await expect(client.whoami()).rejects.toMatchObject({ code, details: { serverCode: 'from_the_future' } });
  });

  it('refuses a wrong key with its own exit code', async () => {
    const stranger = createApiClient({ url: server.url, apiKey: 'wrong' });
    await expect(stranger.whoami()).rejects.toMatchObject({ code: 'unauthorized', exitCode: 13 });
    stranger.close();
  });

  it('names the field of an answer that is not in the contract', async () => {
    server.answerNext('GET', { status: 200, body: { environment: 'dev', key: { name: 1 } } });
    await expect(client.whoami()).rejects.toMatchObject({
      code: 'server_answer_invalid',
      message: expect.stringContaining('key.name') as string,
    });
  });

  it('says that nobody listens', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const nobody = createApiClient({ url: `http://127.0.0.1:${port}`, apiKey: 'k' });
    await expect(nobody.whoami()).rejects.toMatchObject({
      code: 'server_unreachable',
      message: expect.stringContaining('ECONNREFUSED') as string,
      hint: expect.stringContaining('tenon dev') as string,
    });
  });

  it('gives up on a server that does not answer, and ends with the signal', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const waiting = createApiClient({ url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`, apiKey: 'k' });
    await expect(waiting.whoami({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'server_timeout' });
    const reason = new Error('enough');
    await expect(waiting.whoami({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const pending = waiting.whoami({ signal: controller.signal });
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    waiting.close();
    silent.close();
  });

  it.each(['', '..', '.'])('refuses the name "%s", which would be another address', async (id) => {
    await expect(client.getRun(id)).rejects.toMatchObject({ code: 'usage_invalid' });
    expect(server.requests).toEqual([]);
  });

  it('streams events until the signal, and skips those that it does not know', async () => {
    const controller = new AbortController();
    const events = await client.openEvents({ signal: controller.signal });
    const run = sampleRun();
    server.emit({ type: 'comet' } as unknown as LiveEvent);
    server.emit({ type: 'run.finished', run });
    const first = await events.next();
    expect(first.value).toEqual({ type: 'run.finished', run });
    controller.abort();
    expect((await events.next()).done).toBe(true);
  });

  it('says so when the stream of events is refused', async () => {
    server.answerNext('GET /v1/events', refuse(403, 'forbidden', 'No.'));
    await expect(client.openEvents({ signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
