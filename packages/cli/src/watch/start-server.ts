import { fork, type ChildProcess } from 'node:child_process';
import { isErrorCode, TenonError } from '@tenon/runtime/errors';
import { z } from 'zod';
import { dataDirectoryOf } from '../api-client/local-server.ts';
import { findServerEntry } from '../commands/server/find-server-entry.ts';

export interface ServerProcess {
  readonly url: string;
  /** Resolves when the process has ended, with how, and what it said of it. */
  readonly ended: Promise<string>;
  /** Asks it to end, and ends it when it does not. */
  stop(): Promise<void>;
}

export interface ServerStart {
  readonly projectRoot: string;
  readonly port?: number | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** The program to start. Default: the installed server. */
  readonly program?: string;
}

/** What the server tells who forked it. */
const noticeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), url: z.url() }),
  z.object({
    type: z.literal('failed'),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
  }),
]);

/** A first start prepares a database; a warm one takes less than a second. */
const startDeadlineMs = 120_000;
const stopGraceMs = 15_000;
const keptOutput = 8_192;

/**
 * Starts the Tenon server as a process of its own, with its data in the project's .tenon folder.
 * @throws TenonError `server_unreachable` with what it printed when it ends before it is ready
 */
export async function startServer(start: ServerStart): Promise<ServerProcess> {
  const program = start.program ?? findServerEntry();
  // The key of another server, for which it stands in the shell, must not become this one's.
  const { TENON_API_KEY: _, ...variables } = start.variables;
  start.signal.throwIfAborted();
  const child = fork(program, [], {
    env: {
      ...variables,
      TENON_DATA_DIRECTORY: dataDirectoryOf(start.projectRoot),
      ...(start.port !== undefined && { TENON_PORT: String(start.port) }),
    },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl+C in a terminal reaches every process of its group: the server is told once, by us.
    detached: process.platform !== 'win32',
  });
  const printed = collectOutput(child);
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(describeEnd(printed(), signal ?? `exit code ${code}`)));
    child.once('error', (error) => resolve(error.message));
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
    await ended;
    clearTimeout(timer);
  };
  try {
    return { url: await waitUntilReady(child, { ended, signal: start.signal }), ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function waitUntilReady(
  child: ChildProcess,
  options: { ended: Promise<string>; signal: AbortSignal },
): Promise<string> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => fail(new TenonError('server_unreachable', `The server was not ready within ${startDeadlineMs / 1_000} s.`)),
      startDeadlineMs,
    );
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      child.off('message', onMessage);
    };
    const fail = (error: unknown) => {
      finish();
      reject(error as Error);
    };
    const abort = () => fail(signal.reason);
    const onMessage = (message: unknown) => {
      const notice = noticeSchema.safeParse(message);
      if (!notice.success) return;
      if (notice.data.type === 'failed') return fail(toTenonError(notice.data.error));
      finish();
      resolve(notice.data.url);
    };
    signal.addEventListener('abort', abort, { once: true });
    child.on('message', onMessage);
    void options.ended.then((reason) => fail(startError(reason)));
  });
}

function toTenonError(error: { code: string; message: string; hint?: string | undefined }): TenonError {
  const code = isErrorCode(error.code) ? error.code : 'server_unreachable';
  return new TenonError(code, error.message, error.hint === undefined ? {} : { hint: error.hint });
}

function startError(reason: string): TenonError {
  return new TenonError('server_unreachable', `The server did not start: ${reason}`, {
    hint: 'Run `tenon doctor` to see what is missing.',
  });
}

/** `SIGKILL`, or `exit code 9` with what it printed last: its log lines are JSON, of which only the messages are told. */
function describeEnd(printed: string, how: string): string {
  const lines = printed
    .trim()
    .split('\n')
    .slice(-40)
    .flatMap((line) => readLogLine(line) ?? [])
    .slice(-5);
  return [`${how}.`, ...lines.map((line) => `  ${line}`)].join('\n');
}

const logLineSchema = z.object({
  level: z.number(),
  msg: z.string().default(''),
  err: z.object({ message: z.string() }).optional(),
});

/** Of pino, 40 is a warning. @returns undefined for what is not worth telling */
function readLogLine(line: string): string | undefined {
  if (!line.startsWith('{')) return line;
  try {
    const { level, msg, err } = logLineSchema.parse(JSON.parse(line));
    return level < 40 ? undefined : [msg, err?.message].filter((part) => part).join(': ');
  } catch {
    return line;
  }
}

/** Keeps the end of what a process prints; a full pipe would stop it. */
function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-keptOutput);
    });
  }
  return () => text;
}
