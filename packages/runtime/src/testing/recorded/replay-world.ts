import { AsyncLocalStorage } from 'node:async_hooks';
import nodeCrypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timersPromises from 'node:timers/promises';
import { TenonError } from '../../errors/tenon-error.ts';
import type { ReplayTime } from './replay-time.ts';
import { createReplayTimers } from './replay-timers.ts';

/** One replay's own. */
export interface ReplayWorld {
  readonly time: ReplayTime;
  /** Told of each connection that a script tried to open. */
  onNetwork(error: TenonError): void;
}

/**
 * The clock, the timers, the random numbers and the network of scripts that are replayed. They are the process' own
 * functions, which look up whether it is a replay that calls them: tests beside a replay, and several replays at
 * once, go on as ever. In place as long as a replay is on.
 */
const worlds = new AsyncLocalStorage<ReplayWorld>();
let replays = 0;
let restore: Array<() => void> = [];

/** Runs `work` in a world of its own. */
export async function runInReplayWorld<Result>(world: ReplayWorld, work: () => Promise<Result>): Promise<Result> {
  if (replays === 0) install();
  replays += 1;
  try {
    return await worlds.run(world, work);
  } finally {
    world.time.stop();
    replays -= 1;
    if (replays === 0) uninstall();
  }
}

const current = (): ReplayWorld | undefined => worlds.getStore();

function install(): void {
  installDate();
  installRandom();
  installTimers();
  installNetwork();
  syncBuiltinESMExports();
}

function uninstall(): void {
  for (const undo of restore.toReversed()) undo();
  restore = [];
  syncBuiltinESMExports();
}

function replace<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  make: (native: Target[Name]) => unknown,
): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    value: make(target[name]),
    writable: true,
    configurable: true,
    enumerable: descriptor?.enumerable ?? false,
  });
  restore.push(() => {
    if (descriptor === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, descriptor);
  });
}

function installDate(): void {
  replace(globalThis, 'Date', (native) => {
    const now = (): number => current()?.time.now() ?? native.now();
    return new Proxy(native, {
      apply: () => new native(now()).toString(),
      construct: (target, values: unknown[], newTarget) =>
        Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget) as Date,
      get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
    });
  });
}

function installRandom(): void {
  const fill = (bytes: Uint8Array, { time }: ReplayWorld): void => {
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = Math.floor(time.random() * 256);
  };
  const makeUuid = (world: ReplayWorld): string => {
    const bytes = Buffer.alloc(16);
    fill(bytes, world);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };
  const randomUuid =
    <Native extends (...values: never[]) => string>(native: Native) =>
    (...values: Parameters<Native>) => {
      const world = current();
      return world === undefined ? native(...values) : makeUuid(world);
    };
  replace(Math, 'random', (native) => () => current()?.time.random() ?? native());
  const web = globalThis.crypto;
  replace(web, 'randomUUID', (native) => randomUuid(native.bind(web)));
  replace(web, 'getRandomValues', (native) => {
    const bound = native.bind(web);
    return (view: Parameters<typeof bound>[0]) => {
      const world = current();
      if (world === undefined) return bound(view);
      fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), world);
      return view;
    };
  });
  replace(nodeCrypto, 'randomUUID', randomUuid);
  replace(nodeCrypto, 'randomBytes', (native) => (size: number, then?: (error: null, bytes: Buffer) => void) => {
    const world = current();
    if (world === undefined) return then === undefined ? native(size) : native(size, then as never);
    const bytes = Buffer.alloc(size);
    fill(bytes, world);
    if (then === undefined) return bytes;
    return queueMicrotask(() => then(null, bytes));
  });
}

function installTimers(): void {
  const timers = createReplayTimers(() => current()?.time);
  replace(globalThis, 'setTimeout', () => timers.setTimeout);
  replace(globalThis, 'setInterval', () => timers.setInterval);
  replace(globalThis, 'clearTimeout', () => timers.clear);
  replace(globalThis, 'clearInterval', () => timers.clear);
  replace(timersPromises, 'setTimeout', () => timers.wait);
}

function installNetwork(): void {
  const refuse = (what: string): TenonError | undefined => {
    const world = current();
    if (world === undefined) return undefined;
    const error = new TenonError('replay_network', `The script ${what}, and a replay has no network.`, {
      hint: 'Send requests through `sync` or `action`: these are recorded, and answered from the recording.',
    });
    world.onNetwork(error);
    return error;
  };
  // Its connections may have been opened before, or by others.
  replace(globalThis, 'fetch', (native) => async (...call: Parameters<typeof fetch>) => {
    const error = refuse('called fetch');
    if (error !== undefined) throw error;
    return await native(...call);
  });
  replace(net.Socket.prototype, 'connect', (native) => {
    return function connect(this: net.Socket, ...values: never[]) {
      const error = refuse('opened a connection of its own');
      return error === undefined ? Reflect.apply(native, this, values) : this.destroy(error);
    };
  });
  replace(dgram.Socket.prototype, 'send', (native) => {
    return function send(this: dgram.Socket, ...values: never[]) {
      const error = refuse('sent a datagram');
      if (error !== undefined) throw error;
      return Reflect.apply(native, this, values);
    };
  });
  replace(dns, 'lookup', (native) => (...values: unknown[]) => {
    const error = refuse('looked up a host');
    const then = values.at(-1);
    if (error === undefined) return Reflect.apply(native, dns, values);
    if (typeof then === 'function') queueMicrotask(() => Reflect.apply(then, undefined, [error]));
    return {};
  });
  for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6'] as const) {
    replace(dns.promises, name, (native) => async (...values: unknown[]) => {
      const error = refuse('looked up a host');
      if (error !== undefined) throw error;
      return await Reflect.apply(native, dns.promises, values);
    });
  }
}
