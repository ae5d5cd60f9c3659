import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startProcess, type RunningProcess } from './start-process.ts';
import { waitUntil } from './wait-until.ts';

const serverPath = path.resolve(import.meta.dirname, '../../packages/server/bin/tenon-server.js');

export interface TenonServer extends RunningProcess {
  readonly url: string;
  readonly apiKey: string;
  /** Calls the API and gives the parsed body. */
  call<Body>(method: string, route: string, body?: unknown): Promise<{ status: number; body: Body }>;
}

/** Starts the built server as a process of its own, on a free port, and waits until it answers. */
export async function startTenonServer(dataDirectory: string, env: Record<string, string> = {}): Promise<TenonServer> {
  const running = startProcess([process.execPath, serverPath], {
    cwd: path.dirname(dataDirectory),
    ownGroup: true,
    env: { TENON_DATA_DIRECTORY: dataDirectory, TENON_PORT: '0', ...env },
  });
  const url = env['DATABASE_URL'] === undefined ? await readUrl(running, dataDirectory) : await readLoggedUrl(running);
  const apiKey = env['TENON_API_KEY'] ?? (await readFile(path.join(dataDirectory, 'api-key'), 'utf8')).trim();
  return {
    ...running,
    url,
    apiKey,
    call: async (method, route, body) => {
      const response = await fetch(`${url}${route}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

function readUrl(running: RunningProcess, dataDirectory: string): Promise<string> {
  return waitUntil('the server has written server.json', async () => {
    if (running.child.exitCode !== null) throw new Error(`The server did not start:\n${running.output()}`);
    const text = await readFile(path.join(dataDirectory, 'server.json'), 'utf8').catch(() => '{}');
    const info: { url?: string; pid?: number } = JSON.parse(text || '{}');
    return info.pid === running.child.pid ? info.url : undefined;
  });
}

/** A server that shares its database writes no server.json. */
async function readLoggedUrl(running: RunningProcess): Promise<string> {
  const [, url = ''] = await running.waitForOutput(/"url":"(http:[^"]+)"[^\n]*"msg":"ready"/);
  return url;
}
