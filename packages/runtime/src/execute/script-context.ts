import type { ScriptContext } from '../define/script-context.ts';
import type { ScriptEnvironment } from './script-environment.ts';

/** What syncs and actions are given alike. */
export function createScriptContext({
  runId,
  integration,
  connection,
  requests,
  signal,
  log,
}: ScriptEnvironment): ScriptContext {
  return {
    runId,
    connection: { integration, id: connection.id, metadata: connection.metadata },
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
  };
}
