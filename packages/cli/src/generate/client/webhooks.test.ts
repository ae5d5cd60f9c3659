import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { webhookEventTypeSchema } from '@tenon/runtime/contract';
import { createWebhookHandler, verifyWebhook, type WebhookEventType } from './webhooks.ts';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`;
const other = `whsec_${Buffer.from('another one of thirty-two bytes.').toString('base64')}`;
const body = JSON.stringify({
  id: 'event-1',
  type: 'connection.failed',
  timestamp: '2026-01-02T03:04:05.000Z',
  environment: 'prod',
  data: { integration: 'github', connection: 'user1' },
});

/** As an independent implementation of the specification signs it. */
function sign(options: { text?: string; key?: string; at?: Date } = {}): Record<string, string> {
  const { text = body, key = secret, at = new Date() } = options;
  return {
    'Webhook-Id': 'event-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(key).sign('event-1', at, text),
  };
}

describe('verifyWebhook', () => {
  it('reads the event of a delivery that was signed with the secret', async () => {
    await expect(verifyWebhook({ secret, body, headers: sign() })).resolves.toEqual(JSON.parse(body));
    await expect(verifyWebhook({ secret, body, headers: new Headers(sign()) })).resolves.toMatchObject({
      id: 'event-1',
    });
  });

  it('takes either of two secrets, and either of two signatures', async () => {
    const both = { ...sign(), 'webhook-signature': `v1,bm90aGluZw== ${sign()['webhook-signature']}` };
    await expect(verifyWebhook({ secret: [other, secret], body, headers: both })).resolves.toBeDefined();
  });

  it.each([
    ['a changed body', { body: `${body} `, headers: sign() }, 'signature_wrong'],
    ['another secret', { body, headers: sign({ key: other }) }, 'signature_wrong'],
    ['no signature', { body, headers: { ...sign(), 'webhook-signature': '' } }, 'header_missing'],
    [
      'a signature that is no base64',
      { body, headers: { ...sign(), 'webhook-signature': 'v1,%%%' } },
      'signature_wrong',
    ],
    ['another version', { body, headers: { ...sign(), 'webhook-signature': 'v9,abcd' } }, 'signature_wrong'],
    ['one of ten minutes ago', { body, headers: sign({ at: new Date(Date.now() - 600_000) }) }, 'timestamp_refused'],
    ['one of tomorrow', { body, headers: sign({ at: new Date(Date.now() + 86_400_000) }) }, 'timestamp_refused'],
    ['a time that is none', { body, headers: { ...sign(), 'webhook-timestamp': 'now' } }, 'timestamp_refused'],
    ['a signed body that is no JSON', { body: 'hello', headers: sign({ text: 'hello' }) }, 'body_invalid'],
  ])('refuses %s', async (_what, request, code) => {
    await expect(verifyWebhook({ secret, ...request })).rejects.toMatchObject({ name: 'TenonWebhookError', code });
  });
});

describe('createWebhookHandler', () => {
  const post = (headers = sign()) => new Request('https://app.example.com/tenon', { method: 'POST', body, headers });

  it('calls what is there for the type, and answers 204 to the others too', async () => {
    const seen: string[] = [];
    const handle = createWebhookHandler({ 'connection.failed': (event) => void seen.push(event.type) }, { secret });
    expect((await handle(post())).status).toBe(204);
    expect((await createWebhookHandler({}, { secret })(post())).status).toBe(204);
    expect(seen).toEqual(['connection.failed']);
  });

  it('answers 401 to what is not signed, and 500 when the work fails, so that the event comes again', async () => {
    const failing = () => Promise.reject(new Error('The database of the app is down.'));
    const handle = createWebhookHandler({ 'connection.failed': failing }, { secret });
    expect((await handle(post(sign({ key: other })))).status).toBe(401);
    const answer = await handle(post());
    expect([answer.status, await answer.text()]).toEqual([500, 'The event could not be handled.']);
  });
});

it('knows the types of events that the contract has, and no others', () => {
  const known: Record<WebhookEventType, true> = {
    'connection.created': true,
    'connection.reconnected': true,
    'connection.refreshed': true,
    'connection.failed': true,
    'connection.recovered': true,
    'connection.deleted': true,
    'records.changed': true,
    'sync.failed': true,
    'sync.held': true,
    'sync.quarantined': true,
  };
  expect(Object.keys(known).sort()).toEqual([...webhookEventTypeSchema.options].sort());
});
