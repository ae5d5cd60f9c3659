import process from 'node:process';

/** The channel itself, and requests that end by themselves in the same moment. */
const ownResources = new Set(['PipeWrap', 'WriteWrap', 'ShutdownWrap', 'CloseReq', 'Immediate', 'TTYWrap']);

/**
 * How many sockets, timers, look-ups and the like keep this process busy. Idle connections of undici and of Node's
 * HTTP agents are not among them: they are unref'd.
 */
export function countActiveResources(): number {
  return process.getActiveResourcesInfo().filter((type) => !ownResources.has(type)).length;
}
