import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCliVersion } from '../output/cli-version.ts';
import { runBuiltCli } from '../testing/run-built-cli.ts';
import { certificateFile, httpAnswer, startBrokenServer } from '../testing/start-broken-server.ts';

const whoami = {
  environment: 'prod',
  key: { name: 'k', prefix: 'tnn', scopes: ['admin'] },
  server: { version: readCliVersion() },
  activeVersion: 3,
};
const answer = httpAnswer(200, JSON.stringify(whoami), { 'tenon-version': readCliVersion() });

interface Proxy {
  readonly url: string;
  /** `GET http://...` of forwarded requests and `CONNECT host:port` of tunnels, with the proxy's credentials. */
  readonly asked: string[];
}

/** A proxy that leads every tunnel to one port of this machine, whatever host was asked for; 0 refuses tunnels. */
async function startProxy(port: number): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    response.writeHead(200, { 'content-type': 'application/json', 'tenon-version': readCliVersion() });
    response.end(JSON.stringify(whoami));
  });
  server.on('connect', (request, client) => {
    asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    client.on('error', () => {});
    if (port === 0) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const target = connect(port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    target.on('error', () => client.destroy());
    client.pipe(target).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const ask = (url: string, env: Record<string, string>) =>
  runBuiltCli(['whoami', '--json', '--url', url, '--api-key', 'tnn_secret'], { cwd: tmpdir(), env });

describe('the network around the command line', () => {
  it('leads through the proxy of HTTP_PROXY, with its password', async () => {
    const proxy = await startProxy(0);
    const run = await ask('http://tenon.test', { HTTP_PROXY: `http://me:word@${proxy.url}` });
    expect(run.stdout).toContain('"environment": "prod"');
    expect(proxy.asked).toEqual([`GET http://tenon.test/v1/whoami Basic ${btoa('me:word')}`]);
  });

  it('leads through a tunnel of HTTPS_PROXY, to a certificate that NODE_EXTRA_CA_CERTS trusts', async () => {
    const server = await startBrokenServer({ isSecure: true, answer: (socket) => socket.end(answer) });
    const proxy = await startProxy(server.port);
    const env = { HTTPS_PROXY: `http://${proxy.url}`, NODE_EXTRA_CA_CERTS: certificateFile };
    const run = await ask('https://tenon.test', env);
    expect(run.stdout).toContain('"environment": "prod"');
    expect(proxy.asked).toEqual(['CONNECT tenon.test:443']);
    expect(server.requests[0]).toContain('authorization: Bearer tnn_secret');
  });

  it('has a proxy that leads nowhere, or is away, and says which', async () => {
    const proxy = await startProxy(0);
    const refused = await ask('https://tenon.test', { HTTPS_PROXY: `http://me:word@${proxy.url}` });
    expect(refused.exitCode).toBe(14);
    expect(refused.stdout).toContain('"code": "proxy_failed"');
    expect(refused.stdout).toContain(`The proxy http://${proxy.url} does not lead to https://tenon.test`);
    expect(refused.stdout).not.toContain('word');
    const away = await ask('http://tenon.test', { http_proxy: 'http://127.0.0.1:1' });
    expect(away.stdout).toContain('"code": "proxy_failed"');
  });

  it('leaves out of the proxy what NO_PROXY names, and this machine', async () => {
    const proxy = await startProxy(0);
    const server = await startBrokenServer({ answer: (socket) => socket.end(answer) });
    const local = await ask(server.url, { HTTP_PROXY: `http://${proxy.url}` });
    expect(local.stdout).toContain('"environment": "prod"');
    const label = 'a'.repeat(64);
    const exempt = await ask(`http://${label}.invalid`, { HTTP_PROXY: `http://${proxy.url}`, NO_PROXY: '.invalid' });
    expect(exempt.stdout).toContain('"code": "server_name_unknown"');
    expect(proxy.asked).toEqual([]);
  });
});
