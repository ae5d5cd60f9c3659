import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../bin/tenon-sandbox-api.js', import.meta.url));

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [bin], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('the process', () => {
  it('prints its address on one line, serves what the environment asks for, and ends on SIGTERM', async () => {
    const child = start({ SANDBOX_PORT: '0', SANDBOX_ISSUES: '7', SANDBOX_API_KEY: 'secret' });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const response = await fetch(`${url}/issues`, { headers: { 'x-api-key': 'secret' } });
    expect(await response.json()).toHaveLength(7);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says in a sentence that its port is taken, and exits with 1', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void blocker.close());
    await once(blocker, 'listening');
    const child = start({ SANDBOX_PORT: String((blocker.address() as AddressInfo).port) });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr).toMatch(/^The sandbox API did not start: .*EADDRINUSE.*\n$/);
  });

  it('says in a sentence which variable is wrong', async () => {
    const child = start({ SANDBOX_ISSUES: 'many' });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr).toContain('SANDBOX_ISSUES');
    expect(stderr).not.toContain('at ');
  });
});
