import http, { type ClientRequest } from 'node:http';
import { isSafeMethod, refuseWrite } from '../request/refuse-write.ts';

export interface WriteGuard {
  /** Whether the run that begins may only read. */
  blockWrites(isBlocked: boolean): void;
}

/**
 * Lets a preview's scripts change nothing past the context's own requests either: fetch and Node's http and https, which
 * client libraries use, are looked at before anything is sent. What speaks HTTP on sockets of its own (HTTP/2, a bundled
 * client) is not seen: this keeps people from accidents, it is no boundary.
 */
export function guardWrites(): WriteGuard {
  let isBlocked = false;

  const nativeFetch = globalThis.fetch;
  const guardedFetch = async function fetch(
    input: Parameters<typeof nativeFetch>[0],
    init?: RequestInit,
  ): Promise<Response> {
    if (isBlocked) {
      const request = input instanceof Request ? input : undefined;
      const url = new URL(request?.url ?? String(input));
      refuse({ method: init?.method ?? request?.method ?? 'GET', path: url.pathname + url.search, host: url.host });
    }
    return nativeFetch(input, init);
  };
  Object.defineProperty(globalThis, 'fetch', { value: guardedFetch, writable: true, configurable: true });

  // Every request of http and https goes through here in its constructor, before it has a socket. Not in Node's types.
  const agents = http.Agent.prototype as unknown as { addRequest(request: ClientRequest, ...rest: unknown[]): void };
  const { addRequest } = agents;
  Object.defineProperty(agents, 'addRequest', {
    value: function guardedAddRequest(this: http.Agent, request: ClientRequest, ...rest: unknown[]): void {
      if (isBlocked) refuse({ method: request.method, path: request.path, host: request.host });
      Reflect.apply(addRequest, this, [request, ...rest]);
    },
    writable: true,
    configurable: true,
    enumerable: true,
  });

  return {
    blockWrites(blocked) {
      isBlocked = blocked;
    },
  };
}

function refuse({ method, path, host }: { method: string; path: string; host: string }): void {
  if (!isSafeMethod(method)) refuseWrite({ method, path }, host);
}
