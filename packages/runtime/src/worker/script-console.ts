import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format } from 'node:util';
import type { LogLevel } from '../contract/api/runs.ts';

/** A console whose lines go to a log; table, dir, time and the others work as in Node. */
export function createScriptConsole(log: (level: LogLevel, message: string) => void): Console {
  const stream = (level: LogLevel) =>
    new Writable({
      decodeStrings: false,
      write(text, _encoding, done) {
        log(level, String(text).replace(/\n$/, ''));
        done();
      },
    });
  const console = new Console({ stdout: stream('info'), stderr: stream('warn'), colorMode: false });
  const logger =
    (level: LogLevel) =>
    (...values: unknown[]): void =>
      log(level, format(...values));
  return Object.assign(console, {
    debug: logger('debug'),
    log: logger('info'),
    info: logger('info'),
    warn: logger('warn'),
    error: logger('error'),
  });
}
