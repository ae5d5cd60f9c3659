import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../../bin/tenon-server.js', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Resolves with the address, or with undefined when the process ended before it was ready. */
  readonly ready: Promise<string | undefined>;
  /** Resolves with the exit code when the process has ended. */
  readonly exited: Promise<number | null>;
  stderr(): string;
  /** What it logged, an object a line. */
  log(): Record<string, unknown>[];
}

/** Starts the built server as a user would, in a data directory of the test. */
export function startServerProcess(dataDirectory: string, environment: Record<string, string> = {}): ServerProcess {
  const child = fork(binary, [], {
    cwd: dataDirectory,
    env: { PATH: process.env['PATH'], TENON_DATA_DIRECTORY: dataDirectory, TENON_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  // Not `close`: Node does not emit it for a child whose channel its parent has closed.
  const drained = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'close'));
  const exited = once(child, 'exit').then(async ([code]: (number | null)[]) => {
    await Promise.all(drained);
    return code ?? null;
  });
  const ready = new Promise<string | undefined>((resolve) => {
    child.on('message', (notice: { type: string; url?: string }) => {
      if (notice.type === 'ready') resolve(notice.url);
    });
    void exited.then(() => resolve(undefined));
  });
  return {
    child,
    ready,
    exited,
    stderr: () => stderr,
    log: () => stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>])),
  };
}

/** Calls the server with the key that it generated. */
export async function callServer(
  dataDirectory: string,
  url: string,
  request: { method?: string; path: string; body?: unknown; text?: string },
): Promise<{ status: number; body: unknown }> {
  const key = (await readFile(join(dataDirectory, 'api-key'), 'utf8')).trim();
  const payload = request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const answer = await fetch(url + request.path, {
    method: request.method ?? 'GET',
    headers: {
      authorization: `Bearer ${key}`,
      ...(payload !== undefined && { 'content-type': request.text === undefined ? 'application/json' : 'text/plain' }),
    },
    ...(payload !== undefined && { body: payload }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}
