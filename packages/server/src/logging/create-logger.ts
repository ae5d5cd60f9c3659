import { pino, type DestinationStream, type Logger } from 'pino';
import { describeError } from './describe-error.ts';
import { scrubLine } from './scrub-line.ts';

/**
 * The server's log, as JSON lines. Errors are written by their message, code and stack alone, whatever else a library
 * hung on them; and every line passes the scrubber, whoever wrote it.
 */
export function createLogger(options: { level: string }, destination?: DestinationStream): Logger {
  const settings = {
    level: options.level,
    serializers: { err: describeError, error: describeError },
    hooks: { streamWrite: scrubLine },
  };
  return destination ? pino(settings, destination) : pino(settings);
}
