import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WebhookDelivery, WebhookEndpoint } from '@tenon/runtime/contract';
import { FakeServer } from '../../testing/fake-server.ts';
import { sampleTime } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runWebhooksAdd } from './run-webhooks-add.ts';
import { runWebhooksDeliveries } from './run-webhooks-deliveries.ts';
import { runWebhooksList } from './run-webhooks-list.ts';
import { runWebhooksRemove } from './run-webhooks-remove.ts';
import { runWebhooksReplay } from './run-webhooks-replay.ts';
import { runWebhooksRotateSecret } from './run-webhooks-rotate-secret.ts';

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const context = () => createTestContext({ url: server.url, apiKey: server.apiKey });
const endpoint: WebhookEndpoint = {
  id: 3,
  url: 'https://app.example.com/tenon',
  events: [],
  description: 'the app',
  ordered: false,
  disabled: false,
  createdAt: sampleTime,
  previousSecretExpiresAt: null,
};
const delivery: WebhookDelivery = {
  id: 9,
  eventId: '0198c9a1-6f0e-7000-8a53-0d2f7f6f1b11',
  type: 'connection.failed',
  endpointId: 3,
  status: 'pending',
  attempts: 2,
  nextAttemptAt: sampleTime,
  lastStatus: 500,
  lastError: 'The receiver answered 500.',
  createdAt: sampleTime,
  deliveredAt: null,
};

it('lists addresses, or says how to register one', async () => {
  server.answerNext('GET /v1/webhooks/endpoints', { status: 200, body: { items: [endpoint], nextCursor: null } });
  server.answerNext('GET /v1/webhooks/endpoints', { status: 200, body: { items: [], nextCursor: null } });
  const [full, empty] = [context(), context()];
  await runWebhooksList(full, {});
  await runWebhooksList(empty, {});
  expect(full.stdout()).toMatch(/3 +https:\/\/app\.example\.com\/tenon +active +all +the app/);
  expect(empty.stdout()).toContain('tenon webhooks add <url>');
});

it('prints nothing but the secret of a new address on stdout', async () => {
  const created = { ...endpoint, secret: 'whsec_c2VjcmV0' };
  server.answerNext('POST /v1/webhooks/endpoints', { status: 201, body: created });
  const test = context();
  await runWebhooksAdd(test, endpoint.url, { events: ['connection.failed'], description: 'the app' });
  expect(test.stdout()).toBe('whsec_c2VjcmV0\n');
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
    url: endpoint.url,
    events: ['connection.failed'],
    ordered: false,
    description: 'the app',
  });
});

it.each(['app.example.com', 'ftp://app.example.com/', ''])('refuses the address "%s" before it asks', async (url) => {
  await expect(runWebhooksAdd(context(), url, { events: [] })).rejects.toMatchObject({ code: 'usage_invalid' });
  expect(server.requests).toEqual([]);
});

it('asks before an address is removed, and without a terminal wants --yes', async () => {
  await expect(runWebhooksRemove(context(), 3, {})).rejects.toMatchObject({ code: 'input_needed' });
  expect(server.requests).toEqual([]);
  server.answerNext('DELETE /v1/webhooks/endpoints/3', { status: 204 });
  await runWebhooksRemove(context(), 3, { yes: true });
});

it('prints a new secret, and says how long the old one signs', async () => {
  const changed = { ...endpoint, previousSecretExpiresAt: sampleTime, secret: 'whsec_bmV3' };
  server.answerNext('POST /v1/webhooks/endpoints/3/rotate-secret', { status: 200, body: changed });
  const test = context();
  await runWebhooksRotateSecret(test, 3, {});
  expect(test.stdout()).toBe('whsec_bmV3\n');
  expect(test.stderr()).toContain('the old one signs until');
});

it('lists deliveries with what went wrong, and sends one again', async () => {
  server.answerNext('GET /v1/webhooks/deliveries?endpointId=3&status=pending&limit=20', {
    status: 200,
    body: { items: [delivery], nextCursor: '9' },
  });
  server.answerNext('POST /v1/webhooks/deliveries/9/replay', { status: 202, body: { ...delivery, id: 10 } });
  const test = context();
  await runWebhooksDeliveries(test, { endpoint: 3, status: 'pending', limit: 20 });
  await runWebhooksReplay(test, 9, {});
  expect(test.stdout()).toMatch(/9 +connection\.failed +3 +pending +2 .*The receiver answered 500\./);
  expect(test.stdout()).toContain('as delivery 10');
});
