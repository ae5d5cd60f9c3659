import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { actionOf, createTestPool, runScript } from './testing/script-pool.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Nothing that a guarded script does may ever arrive here. */
let server: Server;
let port: number;
let arrivals = 0;
let pool: WorkerPool;
let open: WorkerPool;

beforeAll(async () => {
  server = createServer((_request, response) => response.end('the secret of the inner network'));
  server.on('connection', () => (arrivals += 1));
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  port = (server.address() as AddressInfo).port;
  pool = createTestPool({ allowPrivateAddresses: false });
  open = createTestPool();
});
afterEach(() => {
  arrivals = 0;
});
afterAll(async () => {
  await Promise.all([pool.stop(), open.stop()]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The script's way to ask: fulfilled with what it got, rejected with why not. */
const ways: Record<string, (host: string) => string> = {
  fetch: (host) => `return await (await fetch("http://${host}/")).text();`,
  'http.get': (host) => `
    return await new Promise((resolve, reject) => {
      require("http").get("http://${host}/", (answer) => resolve(answer.statusCode)).on("error", reject);
    });`,
  'https.get': (host) => `
    return await new Promise((resolve, reject) => {
      require("https").get("https://${host}/", (answer) => resolve(answer.statusCode)).on("error", reject);
    });`,
  'http2.connect': (host) => `
    return await new Promise((resolve, reject) => {
      require("http2").connect("http://${host}").on("connect", resolve).on("error", reject);
    });`,
  'net.connect': (host) => `
    const { hostname, port } = new URL("http://${host}");
    return await new Promise((resolve, reject) => {
      const socket = require("net").connect({ host: hostname.replace(/[[\\]]/g, ""), port: Number(port) });
      socket.on("connect", () => resolve("connected")).on("error", reject);
    });`,
  'tls.connect': (host) => `
    const { hostname, port } = new URL("http://${host}");
    return await new Promise((resolve, reject) => {
      const socket = require("tls").connect({ host: hostname.replace(/[[\\]]/g, ""), port: Number(port) });
      socket.on("secureConnect", () => resolve("connected")).on("error", reject);
    });`,
};

const refusal = /private network or of this machine/;

/** Names of this machine, of its network and of what lies around it, and what they are. */
const hosts: Record<string, string> = {
  localhost: 'this machine by its name',
  '127.0.0.1': 'loopback',
  '127.8.8.8': 'another loopback',
  '0.0.0.0': 'no address',
  '[::1]': 'IPv6 loopback',
  '[::ffff:127.0.0.1]': 'IPv4 within IPv6',
  '[::ffff:7f00:1]': 'IPv4 within IPv6, as hexadecimal',
  '2130706433': 'a decimal number',
  '0177.0.0.1': 'an octal number',
  '0x7f000001': 'a hexadecimal number',
  '127.1': 'a short form',
  '169.254.169.254': 'the metadata of a cloud',
  '10.0.0.1': 'a private network',
  '100.64.0.1': "a carrier's network",
  '[fd00::1]': 'a unique local address',
  '[fe80::1]': 'a link-local address',
  '[64:ff9b::7f00:1]': 'NAT64',
};

describe('a script that may not reach private addresses', () => {
  // One run for all hosts: a process for each would take longer than everything else here.
  it.each(Object.keys(ways))('does not reach any by %s', async (way) => {
    const attempts = Object.keys(hosts).map(
      (host) => `[${JSON.stringify(host)}, async () => { ${ways[way]?.(`${host}:${port}`)} }]`,
    );
    const body = `
      const answers = {};
      for (const [host, attempt] of [${attempts.join(',')}]) {
        answers[host] = await attempt().then(() => "reached", (error) => String(error.cause?.message ?? error.message));
      }
      return answers;`;
    const refused = Object.fromEntries(Object.keys(hosts).map((host) => [host, expect.stringMatching(refusal)]));
    expect(await runScript(pool, actionOf(body)).outcome).toEqual({ status: 'succeeded', output: refused });
    expect(arrivals).toBe(0);
  });

  it.each([
    [
      'a DNS answer that is another the second time',
      `const answers = ["93.184.216.34", "127.0.0.1"];
       const lookup = (host, options, callback) => {
         const address = answers.length > 1 ? answers.shift() : answers[0];
         options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4);
       };
       lookup("", {}, () => undefined);
       return await new Promise((resolve, reject) => {
         require("http").get({ host: "rebind.example", port: PORT, lookup }, resolve).on("error", reject);
       });`,
    ],
    [
      'a public and a private answer for one name',
      `const lookup = (host, options, callback) =>
         callback(null, [{ address: "::1", family: 6 }, { address: "127.0.0.1", family: 4 }]);
       return await new Promise((resolve, reject) => {
         const socket = require("net").connect({ host: "two.example", port: PORT, lookup, autoSelectFamily: true });
         socket.on("connect", resolve).on("error", reject);
       });`,
    ],
    [
      'a replaced check',
      `const net = require("net");
       net.BlockList.prototype.check = () => false;
       net.isIP = () => 4;
       String.prototype.split = () => ["93.184.216.34"];
       try { net.SocketAddress.isSocketAddress = () => true; } catch {}
       return await (await fetch("http://127.0.0.1:PORT/")).text();`,
    ],
    [
      'a dispatcher of its own',
      `const { constructor: Agent } = globalThis[Symbol.for("undici.globalDispatcher.1")];
       const dispatcher = new Agent({ connect: { timeout: 1_000 } });
       return await (await fetch("http://127.0.0.1:PORT/", { dispatcher })).text();`,
    ],
    [
      'an address that changes while it is read',
      `const net = require("net");
       const socket = new net.Socket();
       socket.on("error", () => undefined);
       socket.connect({ host: "later.example", port: PORT, lookup: () => undefined });
       const handle = socket._handle;
       let reads = 0;
       const address = { toString: () => (reads++ === 0 ? "93.184.216.34" : "127.0.0.1") };
       const code = handle.connect({ oncomplete: () => undefined }, address, PORT);
       if (code !== 0) throw new Error("of a private network or of this machine: " + code);
       return "connected";`,
    ],
    [
      'the native handle',
      `const net = require("net");
       const socket = new net.Socket();
       socket.connect({ host: "later.example", port: PORT, lookup: (host, options, callback) => {
         const { connect } = Object.getPrototypeOf(socket._handle);
         socket._handle.connect = function (request, address, port) { return connect.call(this, request, "127.0.0.1", port); };
         Object.defineProperty(socket._handle, "connect", {
           value: (request, address, port) => connect.call(socket._handle, request, "127.0.0.1", port),
         });
         setTimeout(() => callback(null, options.all ? [{ address: "93.184.216.34", family: 4 }] : "93.184.216.34", 4), 1);
       } });
       return await new Promise((resolve, reject) => { socket.on("connect", resolve).on("error", reject); });`,
    ],
    [
      'a name server of its own',
      `const resolver = new (require("dns").promises.Resolver)();
       resolver.setServers(["127.0.0.1:PORT"]);
       return await resolver.resolve4("example.com");`,
    ],
    [
      'a name server of all',
      `require("dns").setServers(["[::1]:PORT"]);
       return await require("dns").promises.resolve4("example.com");`,
    ],
  ])('is not helped by %s', async (_name, body) => {
    const script = runScript(pool, actionOf(body.replaceAll('PORT', String(port))));
    expect(await script.outcome).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(refusal) },
    });
    expect(arrivals).toBe(0);
  });

  it('cannot put the guard out of place', async () => {
    const body = `
      const { Socket } = require("net");
      const socket = new Socket();
      socket.on("error", () => undefined).connect({ host: "later.example", port: 1, lookup: () => undefined });
      const methods = Object.getPrototypeOf(socket._handle);
      const tried = ["connect", "connect6", "listen", "open"].map((name) => {
        const before = methods[name];
        const isDefined = Reflect.defineProperty(methods, name, { value: () => 0 });
        const isDeleted = Reflect.deleteProperty(methods, name);
        return isDefined || isDeleted || methods[name] !== before;
      });
      socket.destroy();
      return tried;`;
    const outcome = { status: 'succeeded', output: [false, false, false, false] };
    expect(await runScript(pool, actionOf(body)).outcome).toEqual(outcome);
  });

  it('is told the code when its provider is there', async () => {
    const script = runScript(pool, actionOf('return (await action.get("/")).data;'), {
      baseUrl: `http://127.0.0.1:${port}`,
    });
    expect(await script.outcome).toMatchObject({ status: 'failed', error: { code: 'provider_address_refused' } });
    expect(arrivals).toBe(0);
  });
});

describe('a script on a server that allows private addresses', () => {
  it.each(['fetch', 'http.get', 'net.connect'])('reaches them by %s', async (way) => {
    const script = runScript(open, actionOf(ways[way]?.(`127.0.0.1:${port}`) ?? ''));
    expect(await script.outcome).toMatchObject({ status: 'succeeded' });
    await vi.waitFor(() => expect(arrivals).toBe(1));
  });
});

describe('any script', () => {
  it('cannot listen for connections', async () => {
    const body = 'await new Promise((resolve) => require("http").createServer().listen(0, "127.0.0.1", resolve));';
    expect(await runScript(open, actionOf(body)).outcome).toMatchObject({
      status: 'failed',
      error: { code: 'script_incompatible', message: 'A script cannot listen for connections.' },
    });
  });

  it("cannot reach the machine's own sockets", async () => {
    const sockets = new Set<Socket>();
    const inner = createTcpServer((socket) => void sockets.add(socket));
    const path = `\0tenon-test-${process.pid}`;
    await new Promise<void>((resolve) => inner.listen(path, resolve));
    const body = `return await new Promise((resolve, reject) => {
      require("net").connect(${JSON.stringify(path)}).on("connect", resolve).on("error", reject);
    });`;
    expect(await runScript(open, actionOf(body)).outcome).toMatchObject({
      status: 'failed',
      error: { code: 'script_incompatible', message: 'A script cannot connect to a socket of this machine.' },
    });
    expect(sockets.size).toBe(0);
    await new Promise((resolve) => inner.close(resolve));
  });
});
