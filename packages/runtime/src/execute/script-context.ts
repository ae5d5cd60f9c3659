import { parseDuration } from '../define/duration.ts';
import type { LockOptions, ScriptConnection, ScriptContext } from '../define/script-context.ts';
import { holdLock } from './hold-lock.ts';
import type { ScriptEnvironment } from './script-environment.ts';

/** What syncs and actions are given alike. */
export function createScriptContext(environment: ScriptEnvironment): ScriptContext {
  const { runId, requests, signal, log, ask } = environment;
  return {
    runId,
    connection: createScriptConnection(environment),
    signal,
    log: {
      debug: (message, data) => log('debug', message, data),
      info: (message, data) => log('info', message, data),
      warn: (message, data) => log('warn', message, data),
      error: (message, data) => log('error', message, data),
    },
    request: (method, path, options) => requests.request(method, path, options),
    get: (path, options) => requests.get(path, options),
    post: (path, body, options) => requests.post(path, body, options),
    put: (path, body, options) => requests.put(path, body, options),
    patch: (path, body, options) => requests.patch(path, body, options),
    delete: (path, options) => requests.delete(path, options),
    paginate: (path, options) => requests.paginate(path, options),
    credentials: () => ask({ kind: 'credentials' }),
    variable: async (name) => (await ask({ kind: 'variable', name })) ?? undefined,
    lock: async <Result>(name: string, ...rest: LockArguments<Result>) => {
      const [options, work] = rest.length === 1 ? [{}, rest[0]] : rest;
      const { ttl = '5m', wait = '0s', scope = 'connection' } = options;
      const lock = { name, scope, ttlMs: parseDuration(ttl), waitMs: parseDuration(wait) };
      return holdLock({ ask, signal }, lock, work);
    },
    callAction: async <Output>(name: string, input?: unknown) =>
      (await ask({ kind: 'call-action', name, input })) as Output,
    triggerSync: (name) => ask({ kind: 'trigger-sync', name }),
  };
}

type Work<Result> = () => Promise<Result> | Result;
type LockArguments<Result> = [work: Work<Result>] | [options: LockOptions, work: Work<Result>];

function createScriptConnection({ integration, connection, ask }: ScriptEnvironment): ScriptConnection {
  let metadata = connection.metadata;
  return {
    integration,
    id: connection.id,
    get metadata() {
      return metadata;
    },
    async setMetadata(value) {
      metadata = await ask({ kind: 'metadata', change: 'set', metadata: value });
    },
    async patchMetadata(value) {
      metadata = await ask({ kind: 'metadata', change: 'patch', metadata: value });
    },
  };
}
