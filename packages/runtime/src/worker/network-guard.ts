import { Resolver } from 'node:dns';
import { Socket, SocketAddress, type SocketConnectOpts } from 'node:net';
import { constants } from 'node:os';
import { TenonError } from '../errors/tenon-error.ts';
import { createPrivateAddressCheck } from '../request/private-addresses.ts';
import { refuseAddress } from '../request/refuse-address.ts';

export interface NetworkGuard {
  /** Whether the run that begins may connect to this machine and to private networks. */
  allowPrivateAddresses(isAllowed: boolean): void;
}

type Method = (this: object, ...values: unknown[]) => unknown;

/** What a handle's caller turns into an error with this code. */
const refused = -constants.errno.EACCES;

/**
 * Guards every way out of this process at the one place that all of them share: the native handles of sockets, which
 * are given addresses, not names. fetch, WebSocket, http, https, http2, tls, net and each client on npm end there, with
 * every redirect, after the DNS has answered and however an address was written. Sockets of the machine's file system,
 * servers and adopted file descriptors are refused altogether: nothing that a script does needs them.
 *
 * Scripts run in the same realm, so nothing here calls a method that they could have replaced, and what it puts in
 * place can neither be replaced nor lead to the original.
 */
export function guardNetwork(): NetworkGuard {
  // Opened by Node at first use, with a handle that is closed to scripts from now on.
  void process.stdout;
  void process.stderr;
  const isPrivate = createPrivateAddressCheck();
  // BlockList.check looks this up each time.
  replaceMethod(SocketAddress, 'isSocketAddress', (native) => native);
  const call = Reflect.apply;
  let isOpen = false;

  const tcp = probeHandle({ host: 'probe.invalid', port: 1, lookup: () => undefined });
  const connectTo = (native: Method): Method =>
    function connect(request, address, port) {
      // Anything but text could be another address by the time that the handle reads it.
      if (typeof address !== 'string') return refused;
      if (!isOpen && isPrivate(address)) return refuse(this, { owner: tcp.owner, error: refuseAddress(address) });
      return call(native, this, [request, address, port]);
    };
  for (const name of ['connect', 'connect6']) replaceMethod(tcp.methods, name, connectTo);

  const pipe = probeHandle({ path: '/dev/null/probe' });
  const refusePath: Method = function connect() {
    return refuse(this, { owner: pipe.owner, error: refuseUse('connect to a socket of this machine') });
  };
  replaceMethod(pipe.methods, 'connect', () => refusePath);
  for (const { methods } of [tcp, pipe]) {
    for (const [name, what] of forbidden) {
      replaceMethod(methods, name, () => () => {
        throw refuseUse(what);
      });
    }
  }

  replaceMethod(resolverMethods(), 'setServers', (native) => {
    return function setServers(servers) {
      // Read once and handed on as read.
      const asked = servers as ArrayLike<ArrayLike<unknown>>;
      const copy: unknown[] = [];
      for (let place = 0; place < asked.length; place += 1) {
        const { 0: family, 1: address, 2: port } = asked[place] ?? [];
        if (typeof address !== 'string' || (!isOpen && isPrivate(address))) throw refuseAddress(String(address));
        copy[place] = [family, address, port];
      }
      return call(native, this, [copy]);
    };
  });

  return {
    allowPrivateAddresses(isAllowed) {
      isOpen = isAllowed;
    },
  };
}

const forbidden = [
  ['listen', 'listen for connections'],
  ['open', 'adopt a file descriptor'],
] as const;

function refuseUse(what: string): TenonError {
  return new TenonError('script_incompatible', `A script cannot ${what}.`, {
    hint: "Scripts call out: through the context's `get` and `post`, fetch, or a client library. What has to wait for calls belongs into your app.",
  });
}

/** Ends the socket with an error that says why; a handle alone could only say EACCES. */
function refuse(handle: object, { owner, error }: { owner: symbol | undefined; error: TenonError }): number {
  const socket: unknown = owner === undefined ? undefined : Reflect.get(handle, owner);
  if (!(socket instanceof Socket)) return refused;
  socket.destroy(error);
  return 0;
}

/** The prototype of the handles that such a connection has, and the symbol by which they know their socket. */
function probeHandle(options: SocketConnectOpts): { methods: object; owner: symbol | undefined } {
  const socket = new Socket();
  socket.on('error', () => undefined);
  const isPath = 'path' in options;
  socket.connect(options);
  const handle = handleOf(socket);
  socket.destroy();
  if (!handle) throw new Error(`This Node has no handle for a ${isPath ? 'pipe' : 'socket'} that could be guarded.`);
  return {
    methods: Object.getPrototypeOf(handle) as object,
    owner: Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol'),
  };
}

function resolverMethods(): object {
  const handle = handleOf(new Resolver());
  if (!handle) throw new Error('This Node has no handle for a resolver that could be guarded.');
  return Object.getPrototypeOf(handle) as object;
}

function handleOf(owner: object): object | undefined {
  const handle: unknown = Reflect.get(owner, '_handle');
  return typeof handle === 'object' && handle !== null ? handle : undefined;
}

function replaceMethod(methods: object, name: string, guard: (native: Method) => Method): void {
  const native: unknown = Reflect.get(methods, name);
  if (typeof native !== 'function') throw new Error(`This Node's sockets have no ${name} that could be guarded.`);
  const value = guard(native as Method);
  Object.defineProperty(methods, name, { value, writable: false, configurable: false, enumerable: true });
}
