import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startHostileProxy, type HostileProxy } from './hostile-proxy.ts';

let seen: string[] = [];
const server = createServer((incoming, outgoing) => {
  seen.push(incoming.url ?? '');
  outgoing.writeHead(201, { 'content-type': 'text/plain' }).end(`answer ${seen.length}`);
});
let proxy: HostileProxy;

beforeEach(async () => {
  seen = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startHostileProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('passes requests and answers on as they are, unless told otherwise', async () => {
  const answer = await fetch(`${proxy.url}/token?a=1`, { method: 'POST', body: 'x=1' });
  expect([answer.status, await answer.text()]).toEqual([201, 'answer 1']);
  expect(seen).toEqual(['/token?a=1']);
  expect(proxy.requests).toMatchObject([{ method: 'POST', body: 'x=1' }]);
});

it('cuts the connection after the server has acted', async () => {
  proxy.tamper(async (_request, pass) => {
    await pass();
    return 'break';
  });
  await expect(fetch(proxy.url)).rejects.toThrow();
  expect(seen).toHaveLength(1);
});
