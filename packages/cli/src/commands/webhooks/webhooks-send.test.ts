import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestProject } from '../../testing/create-test-project.ts';
import { FakeServer } from '../../testing/fake-server.ts';
import { sampleSync } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runWebhooksSamples } from './run-webhooks-samples.ts';
import { runWebhooksSend, type WebhooksSendFlags } from './run-webhooks-send.ts';

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
  server.state.syncs = ['issues', 'people'].map((sync) => sampleSync({ integration: 'demo', sync }));
  server.state.inbox.deafSyncs = ['people'];
});
afterEach(() => server.stop());

const sample = (body: object, more: object = {}) => JSON.stringify({ description: 'Told.', body, ...more });

async function open(files: Record<string, string> = {}, isJson = false) {
  const { root } = await createTestProject(files);
  const test = createTestContext({ cwd: root, isJson, url: server.url, apiKey: server.apiKey });
  const send = (name: string | undefined, flags: WebhooksSendFlags = {}) =>
    runWebhooksSend(test, name, { connection: 'user1', ...flags });
  return { root, test, send };
}

const opened = { 'integrations/demo/webhooks/opened.json': sample({ id: 1 }, { headers: { 'x-event': 'opened' } }) };
const closed = { 'integrations/demo/webhooks/closed.json': sample({ id: 2 }) };

describe('tenon webhooks send', () => {
  it('sends a sample event to the syncs that take events, follows them and says what they did', async () => {
    const { test, send } = await open(opened);
    await send('demo.opened');
    expect(server.state.inbox.events).toEqual([
      { sync: 'issues', connection: 'user1', event: { headers: { 'x-event': 'opened' }, body: { id: 1 } } },
    ]);
    expect(test.stdout()).toBe('✓ demo/issues user1 +12 ~3 -0 in 0.4s\n');
  });

  it('sends data of the caller’s own to a sync, with headers', async () => {
    const { root, test, send } = await open({}, true);
    await writeFile(join(root, 'event.json'), '{"id":3}');
    await send('demo.issues', { data: 'event.json', header: ['X-Event=edited', 'X-More: a=b'] });
    await send('demo.issues', { data: '[1]' });
    expect(server.state.inbox.events.map(({ event }) => event)).toEqual([
      { headers: { 'x-event': 'edited', 'x-more': 'a=b' }, body: { id: 3 } },
      { headers: {}, body: [1] },
    ]);
    expect(JSON.parse(test.stdout().slice(0, test.stdout().indexOf('\n}\n') + 2))).toMatchObject({
      event: { body: { id: 3 } },
      runs: [{ function: 'issues', trigger: 'webhook' }],
    });
  });

  it('takes the only sample that a sync has, and asks which of several', async () => {
    const { send } = await open(opened);
    await send('demo.issues');
    expect(server.state.inbox.events).toHaveLength(1);
    const several = await open({ ...opened, ...closed });
    await expect(several.send('demo.issues')).rejects.toMatchObject({
      code: 'input_needed',
      hint: expect.stringContaining('demo.closed, demo.opened') as string,
    });
  });

  it('ends with the error of the run', async () => {
    server.state.inbox.outcome = { status: 'failed', error: { code: 'script_failed', message: 'No such field.' } };
    const { test, send } = await open(opened);
    await expect(send('demo.opened')).rejects.toMatchObject({ code: 'script_failed', message: 'No such field.' });
    expect(test.stdout()).toContain('failed');
  });

  it('says what is wrong with what it was given', async () => {
    const { send } = await open({ 'integrations/demo/webhooks/broken.json': '{ "bdy": 1 }' });
    await expect(send('demo.broken')).rejects.toMatchObject({ code: 'usage_invalid' });
    const { send: plain } = await open();
    await expect(plain(undefined)).rejects.toMatchObject({ code: 'usage_invalid' });
    await expect(plain('.x')).rejects.toMatchObject({ code: 'usage_invalid' });
    await expect(plain('demo.issues', { data: 'nowhere.json' })).rejects.toMatchObject({ code: 'usage_invalid' });
    await expect(plain('demo.issues', { data: '{"a"' })).rejects.toMatchObject({ code: 'usage_invalid' });
    await expect(plain('demo.issues', { data: '{}', header: ['none'] })).rejects.toMatchObject({
      code: 'usage_invalid',
    });
    await expect(plain('demo.issues')).rejects.toMatchObject({ code: 'input_needed' });
  });

  it('says when nobody takes the event', async () => {
    const { send } = await open(opened);
    await expect(send('demo.people', { data: '{}' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'The sync people takes no events.',
    });
    server.state.inbox.deafSyncs.push('issues');
    await expect(send('demo.opened')).rejects.toMatchObject({ message: 'No sync of demo takes events.' });
    server.state.syncs = [];
    await expect(send('demo.opened')).rejects.toMatchObject({ message: 'demo has no connection user1 with a sync.' });
  });

  it('lists the samples of the project and those of its providers', async () => {
    const { test } = await open({
      ...opened,
      'tenon.config.ts': "export default { integrations: { demo: {}, mine: { provider: 'sandbox' } } };\n",
      'integrations/mine/webhooks/issue-updated.json': sample({}, { description: 'Mine.' }),
    });
    await runWebhooksSamples(test);
    expect(
      test
        .stdout()
        .split('\n')
        .map((line) => line.split(/ {2,}/).join('|')),
    ).toEqual([
      'EVENT|TAKEN BY|DESCRIPTION',
      'demo.opened|every sync|Told.',
      'mine.issue-deleted|issues|An issue was deleted.',
      'mine.issue-updated|every sync|Mine.',
      '',
    ]);
  });
});
