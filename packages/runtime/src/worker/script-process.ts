import { EventEmitter } from 'node:events';
import process from 'node:process';

export interface ScriptProcessOptions {
  exit(code: number): never;
  /** Text that the script writes to its standard output or error. */
  write(level: 'info' | 'warn', text: string): void;
}

/**
 * The `process` that scripts see: what libraries read, and nothing that reaches the channel to the server, other
 * processes, native code, the environment or Node's internals. Made anew for each run.
 */
export function createScriptProcess({ exit, write }: ScriptProcessOptions): object {
  const stream = (level: 'info' | 'warn') => ({
    isTTY: false,
    writable: true,
    columns: 80,
    write(text: unknown): boolean {
      write(level, String(text));
      return true;
    },
    on: () => undefined,
    once: () => undefined,
    emit: () => false,
    end: () => undefined,
  });
  return Object.assign(new EventEmitter(), {
    title: 'tenon',
    env: {},
    argv: ['node'],
    argv0: 'node',
    execArgv: [],
    execPath: 'node',
    pid: 1,
    ppid: 0,
    exitCode: undefined,
    arch: process.arch,
    platform: process.platform,
    version: process.version,
    versions: process.versions,
    release: process.release,
    features: process.features,
    config: {},
    stdout: stream('info'),
    stderr: stream('warn'),
    cwd: () => '/',
    umask: () => 0o22,
    uptime: () => process.uptime(),
    hrtime: process.hrtime,
    memoryUsage: process.memoryUsage,
    cpuUsage: () => process.cpuUsage(),
    resourceUsage: () => process.resourceUsage(),
    nextTick: process.nextTick,
    emitWarning: (warning: unknown) => write('warn', warning instanceof Error ? warning.message : String(warning)),
    exit: (code?: unknown) => exit(Number(code ?? 0) || 0),
    reallyExit: (code?: unknown) => exit(Number(code ?? 0) || 0),
    abort: () => exit(1),
  });
}
