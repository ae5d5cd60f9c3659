import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';

/**
 * Begins to take requests.
 * @returns the address for clients on this machine
 * @throws TenonError `port_taken`; `server_config_invalid` for a host that is not one of this machine's
 */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw describeFailure(error, { host, port });
  }
  const address = app.server.address() as AddressInfo;
  return `http://${reachableHost(address)}:${address.port}`;
}

/** "Every interface" is no address to connect to. */
function reachableHost({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return family === 'IPv6' ? `[${address}]` : address;
}

function describeFailure(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new TenonError('port_taken', `Port ${port} on ${host} is in use by another program.`, {
      hint: `Stop that program, or choose another port with --port or TENON_PORT, such as ${port + 1}.`,
      details: { host, port },
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new TenonError('server_config_invalid', `The server cannot listen on ${host}:${port} (${code}).`, {
      hint: 'Set TENON_HOST to an address of this machine, and TENON_PORT to a port above 1023.',
      cause: error,
    });
  }
  return error;
}
