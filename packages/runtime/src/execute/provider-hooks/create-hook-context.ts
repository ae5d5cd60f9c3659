import type { LogLevel } from '../../contract/api/runs.ts';
import type { HookContext } from '../../define/define-provider-hooks.ts';

/** Everything that a hook touches outside itself; a worker process and an in-memory test each supply it. */
export interface HookEnvironment {
  readonly credentials: () => Readonly<Record<string, string>>;
  readonly integration: Readonly<Record<string, string>>;
  readonly connection: Readonly<Record<string, string>>;
  readonly request: HookContext['request'];
  /** Aborted at the deadline and on cancel, with what the hook then fails with. */
  readonly signal: AbortSignal;
  log(level: LogLevel, message: string, data?: Record<string, unknown>): void;
}

/** What every hook is given. */
export function createHookContext(environment: HookEnvironment): HookContext {
  const { credentials, integration, connection, request, signal, log } = environment;
  return {
    credentials: { ...credentials() },
    integration: { ...integration },
    connection: { ...connection },
    request,
    signal,
    log: {
      debug: (message, data) => log('debug', message, data),
      info: (message, data) => log('info', message, data),
      warn: (message, data) => log('warn', message, data),
      error: (message, data) => log('error', message, data),
    },
  };
}
