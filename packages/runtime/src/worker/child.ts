import process from 'node:process';
import type { ServerMessage, WorkerMessage } from '../execute/worker-protocol.ts';
import { watchLastingGlobals } from './lasting-globals.ts';
import { guardNetwork } from './network-guard.ts';
import { createScriptHost } from './script-host.ts';
import { guardWrites } from './write-guard.ts';

/**
 * The entry of a worker process: one script at a time, on behalf of one environment. The server starts it with an empty
 * environment and Node's permission flags; this file keeps the channel to itself.
 */
const channelSend = process.send?.bind(process);
const exit = process.exit.bind(process);

function send(message: WorkerMessage): void {
  // A closed channel means that the server is gone; 'disconnect' ends this process.
  channelSend?.(message, undefined, undefined, () => undefined);
}

const host = createScriptHost(send, {
  exit,
  network: guardNetwork(),
  writes: guardWrites(),
  lasting: watchLastingGlobals(),
});

process.on('message', (message) => host.receive(message as ServerMessage));
process.on('disconnect', () => exit(0));
process.on('uncaughtException', (error) => {
  if (!host.fail(error)) exit(1);
});
process.on('unhandledRejection', (reason) => {
  if (!host.fail(reason)) exit(1);
});

// The scripts' `process` is another object. Should one get hold of the real one, it finds little. (Node itself needs
// `channel` there to deliver messages, and replaces `chdir` when fetch is first used.)
const withheld = [
  'send',
  'disconnect',
  'kill',
  '_kill',
  'dlopen',
  'binding',
  '_linkedBinding',
  'getBuiltinModule',
  '_debugProcess',
  '_debugEnd',
  '_getActiveHandles',
  '_getActiveRequests',
];
for (const name of withheld) {
  Object.defineProperty(process, name, { value: undefined, configurable: false, writable: false });
}

send({ type: 'ready' });
