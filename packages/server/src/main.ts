import { TenonError } from '@tenon/runtime/errors';
import type { Logger } from 'pino';
import type { ServerConfig } from './config/parse-config.ts';
import { readConfig } from './config/read-config.ts';
import { createLogger } from './logging/create-logger.ts';
import { startServer, type RunningServer } from './start-server.ts';

/** What a parent process that forked the server hears. */
type ServerNotice =
  { type: 'ready'; url: string } | { type: 'failed'; error: { code: string; message: string; hint?: string } };

/** 128 + SIGINT, as shells count. */
const forcedExitCode = 130;

const config = tryConfig();
const logger = createLogger({ level: config?.logLevel ?? 'info' });
if (config) await run(config);

function tryConfig(): ServerConfig | undefined {
  try {
    return readConfig();
  } catch (error) {
    fail(error, createLogger({ level: 'info' }));
    return undefined;
  }
}

async function run(config: ServerConfig): Promise<void> {
  const stopping = new AbortController();
  let server: RunningServer | undefined;

  function stop(reason: string): void {
    if (stopping.signal.aborted) {
      logger.warn({ reason }, 'asked to stop a second time: ending at once');
      // The one exit of the server: whoever asks twice does not want to wait for what still runs.
      process.exit(forcedExitCode); // oxlint-disable-line unicorn/no-process-exit -- forced by a second signal
    }
    logger.info({ reason }, 'stopping');
    stopping.abort(new Error(`The server was asked to stop (${reason}).`));
    if (server) void finish(server);
  }

  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop(name));
  // Forked, the server does not outlive who forked it.
  if (process.send) process.on('disconnect', () => stop('the parent process is gone'));

  try {
    server = await startServer(config, { logger, signal: stopping.signal });
  } catch (error) {
    if (stopping.signal.aborted) logger.info('stopped');
    else fail(error, logger);
    release();
    return;
  }
  if (stopping.signal.aborted) return finish(server);
  logger.info({ url: server.url, version: server.version }, 'ready');
  notify({ type: 'ready', url: server.url });
}

async function finish(server: RunningServer): Promise<void> {
  await server.stop();
  logger.info('stopped');
  release();
}

/** One line for machines, one for people, and the exit code that the registry gives the error. */
function fail(thrown: unknown, log: Logger): void {
  const error =
    thrown instanceof TenonError
      ? thrown
      : new TenonError('internal', 'The server could not start.', {
          hint: 'The log line above has the cause; please report it.',
          cause: thrown,
        });
  const { code, message, hint, details, cause } = error;
  log.fatal({ code, hint, details, ...(error.code === 'internal' && { err: cause }) }, message);
  process.stderr.write(`tenon-server: ${message} (${code})\n${hint === undefined ? '' : `  ${hint}\n`}`);
  notify({ type: 'failed', error: { code, message, ...(hint === undefined ? {} : { hint }) } });
  process.exitCode = error.exitCode;
}

function notify(notice: ServerNotice): void {
  if (process.send && process.connected) process.send(notice);
}

/** An open channel to the parent would keep the process. */
function release(): void {
  process.removeAllListeners('disconnect');
  if (process.connected) process.disconnect();
}
