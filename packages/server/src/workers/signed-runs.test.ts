import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { actionOf, createTestPool, runScript } from './testing/script-pool.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A provider that remembers what came, and is busy at first. */
async function startProvider(): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    response.writeHead(seen.length === 1 ? 503 : 200, { 'content-type': 'application/json', 'retry-after': '0' });
    response.end('{"ok":true}');
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

it('a run in a worker signs each of its requests, and shows none of the keys', async () => {
  const provider = await startProvider();
  const pool = createTestPool({ size: 1 });
  closing.push(() => pool.stop());
  const script = actionOf(`
    const { data } = await action.post('/orders', { size: 1 }, { retry: true });
    action.log.info('keys', { app: 'app-secret-1', key: 'shared-key-1' });
    return data;
  `);
  const run = runScript(pool, script, {
    baseUrl: provider.url,
    credential: { mode: 'signature', fields: { key: 'shared-key-1' } },
    integration: { appSecret: 'app-secret-1' },
    provider: {
      auth: {
        mode: 'signature',
        fields: { key: { title: 'Key', secret: true } },
        algorithm: 'hmac-sha256',
        key: '${credential.key}${integration.appSecret}',
        message: '${request.nonce} ${request.method} ${request.pathAndQuery} ${request.body}',
        headers: { 'x-nonce': '${request.nonce}', 'x-mac': '${request.signature}' },
      },
      integration: { appSecret: { title: 'Secret', secret: true } },
      headers: {},
      retry: { maxAttempts: 2 },
    },
  });
  expect(await run.outcome).toEqual({ status: 'succeeded', output: { ok: true } });
  expect(provider.seen).toHaveLength(2);
  for (const { line, headers, body } of provider.seen) {
    const mac = createHmac('sha256', 'shared-key-1app-secret-1').update(`${headers['x-nonce']} ${line} ${body}`);
    expect(headers['x-mac']).toBe(mac.digest('hex'));
    expect(headers.authorization).toBeUndefined();
  }
  expect(new Set(provider.seen.map(({ headers }) => headers['x-nonce'])).size).toBe(2);
  expect(run.logs.some(({ message }) => message === 'keys')).toBe(true);
  expect(JSON.stringify(run.logs)).not.toMatch(/app-secret-1|shared-key-1/);
});
