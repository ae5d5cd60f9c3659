import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveEventSchema, type LiveEvent } from '@tenon/runtime/contract';
import { connectableManifest } from '../../../credentials/testing/credential-room.ts';
import { sampleAction } from '../../../deployments/testing/sample-manifest.ts';
import { hashOf } from '../../../deployments/testing/sample-manifest.ts';
import { listen } from '../../listen.ts';
import { devKey, openHttpRoom, otherKey, type HttpRoom } from '../../testing/http-room.ts';

let http: HttpRoom;
let url: string;
beforeAll(async () => {
  http = await openHttpRoom();
  url = await listen(http.app, { host: '127.0.0.1', port: 0 });
  await http.connect('user1');
});
afterAll(() => http.close());

/** An open event stream, read as it comes. */
async function openStream(key: string) {
  const outgoing = request(`${url}/v1/events`, { headers: { authorization: `Bearer ${key}` } });
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const events = (): LiveEvent[] =>
    text.split('\n\n').flatMap((block) => {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      return data === undefined ? [] : [liveEventSchema.parse(JSON.parse(data))];
    });
  return { answer, events, text: () => text, close: () => outgoing.destroy() };
}

function callAction(name = 'user1') {
  return http.call('POST', `/v1/connections/tracker/${name}/actions/create-issue`, {
    payload: { input: { title: 'x' } },
  });
}

describe('GET /v1/events', () => {
  it('shows runs and deployments of the environment as they happen, and nobody else', async () => {
    const [own, other] = [await openStream(devKey), await openStream(otherKey)];
    expect(own.answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': expect.any(String),
    });
    await callAction();
    const functions = [...connectableManifest(http.room.provider).functions, sampleAction({ name: 'close-issue' })];
    for (const code of ['sync code', 'action code']) {
      const headers = { 'content-type': 'text/plain' };
      await http.call('PUT', `/v1/bundles/${hashOf(code)}`, { payload: code, headers });
    }
    const manifest = { ...connectableManifest(http.room.provider), functions };
    const deployed = await http.call('POST', '/v1/deployments', { payload: { manifest, baseVersion: 1 } });
    expect(deployed.status).toBe(201);
    await expect
      .poll(() => own.events().map(({ type }) => type))
      .toEqual(['run.started', 'run.finished', 'deployment.activated']);
    expect(other.events()).toEqual([]);
    own.close();
    other.close();
  });

  it('forgets a listener that went away', async () => {
    const stream = await openStream(devKey);
    await expect.poll(() => http.runs.events.hasListeners(http.room.environmentId)).toBe(true);
    stream.close();
    await expect.poll(() => http.runs.events.hasListeners(http.room.environmentId)).toBe(false);
  });

  it('cuts off a listener that does not read', async () => {
    const stream = await openStream(devKey);
    const closed = once(stream.answer, 'close').catch(() => undefined);
    stream.answer.pause();
    const event: LiveEvent = { type: 'deployment.activated', version: 1 };
    const long = { ...event, padding: 'x'.repeat(1_000_000) } as LiveEvent;
    for (let sent = 0; sent < 40; sent++) http.runs.events.publish(http.room.environmentId, long);
    await expect.poll(() => http.runs.events.hasListeners(http.room.environmentId)).toBe(false);
    stream.answer.resume();
    await closed;
  });

  it('ends when the server closes, and the server waits for nothing else', async () => {
    const stream = await openStream(devKey);
    const ended = once(stream.answer, 'end');
    await http.app.close();
    await ended;
  });
});
