import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { actionOf, createTestPool, runScript } from './testing/script-pool.ts';
import type { WorkerPool } from './worker-pool.ts';

let server: Server;
let url: string;
let pool: WorkerPool;
const arrived: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`);
    request.resume();
    response.setHeader('content-type', 'application/json').end('{"items":[{"id":1}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  pool = createTestPool({ size: 1 });
});
afterEach(() => arrived.splice(0));
afterAll(async () => {
  await pool.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const run = (body: string, blocksWrites = true) =>
  runScript(pool, actionOf(body.replaceAll('URL', url)), { baseUrl: url, blocksWrites }).outcome;

const writes = {
  post: 'await action.post("/issues", { a: 1 });',
  put: 'await action.put("/issues/1", {});',
  patch: 'await action.patch("/issues/1", {});',
  delete: 'await action.delete("/issues/1");',
  'a method of its own': 'await action.request("purge", "/issues");',
  fetch: 'await fetch("URL/issues", { method: "POST", body: "{}" });',
  'fetch of a Request': 'await fetch(new Request("URL/issues", { method: "DELETE" }));',
  'http.request': `await new Promise((resolve, reject) => {
    require("http").request("URL/issues", { method: "POST" }, resolve).on("error", reject).end("{}");
  });`,
  'http.request with an agent of its own': `const http = require("http");
  await new Promise((resolve, reject) => {
    http.request("URL/issues", { method: "PUT", agent: new http.Agent() }, resolve).on("error", reject).end("{}");
  });`,
};

describe('a script whose writes are blocked', () => {
  it.each(Object.entries(writes))('sends nothing by %s', async (_way, body) => {
    expect(await run(body)).toMatchObject({
      status: 'failed',
      error: {
        code: 'preview_write_blocked',
        message: expect.stringMatching(/^(POST|PUT|PATCH|DELETE|PURGE) \/issues.* was not sent/),
        hint: expect.stringContaining('--allow-writes'),
      },
    });
    expect(arrived).toEqual([]);
  });

  it.each(Object.entries(writes))('sends the same by %s when they are allowed', async (_way, body) => {
    expect(await run(body, false)).toMatchObject({ status: 'succeeded' });
    expect(arrived).toHaveLength(1);
  });

  it('reads: by GET and HEAD, and by what says that it only reads', async () => {
    const outcome = await run(`
      await action.get("/issues");
      await action.request("head", "/issues");
      await action.post("/search", { q: "x" }, { isRead: true });
      for await (const page of action.paginate("/search", { method: "POST", body: {}, pagination: { items: (answer) => answer.data.items, next: () => undefined } }));
      for await (const page of action.paginate("/graphql", { body: { query: "{ items { id } }" }, pagination: { items: (answer) => answer.data.items, next: () => undefined }, method: "POST" }));
      await (await fetch("URL/issues")).text();
      await new Promise((resolve, reject) => require("http").get("URL/issues", (answer) => answer.resume().on("end", resolve)).on("error", reject));
    `);
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(arrived).toEqual([
      'GET /issues',
      'HEAD /issues',
      'POST /search',
      'POST /search',
      'POST /graphql',
      'GET /issues',
      'GET /issues',
    ]);
  });

  it('says that it is blocked to a script that catches it, and a secret in the address is not shown', async () => {
    const outcome = await run(`
      try { await action.post("/issues?access_token=hush-77aa", {}); } catch (error) { return [error.code, error.message]; }`);
    expect(outcome).toMatchObject({
      status: 'succeeded',
      output: ['preview_write_blocked', expect.not.stringContaining('hush')],
    });
  });

  it('leaves nothing blocked for the next run of the same process', async () => {
    await run('return 1;');
    expect(await run('await fetch("URL/issues", { method: "POST" });', false)).toMatchObject({ status: 'succeeded' });
  });
});
