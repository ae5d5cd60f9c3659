import { Agent, type Dispatcher } from 'undici';

/** Makes the pool of connections that a process keeps for its runs; close it when the process ends its work. */
export function createProviderDispatcher(): Dispatcher {
  return new Agent({
    // One request a connection at a time: HTTP/1.1 pipelining breaks on many servers.
    pipelining: 1,
    connections: 64,
    keepAliveTimeout: 10_000,
    connect: { timeout: 10_000 },
  });
}
