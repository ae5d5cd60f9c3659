import { createServer } from 'node:net';
import { join } from 'node:path';
import type { PostgresFiles } from './postgres-files.ts';

/** Where the embedded Postgres listens: a socket in its own folder, which only its user can enter, or a loopback port. */
export type ClusterAddress = { readonly socketDirectory: string } | { readonly port: number };

/** sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS and the BSDs, with the closing zero. */
const socketPathLimit = process.platform === 'linux' ? 107 : 103;

/** Whether the path of the cluster's socket fits into a socket address. */
export function fitsSocketAddress(files: PostgresFiles): boolean {
  return process.platform !== 'win32' && Buffer.byteLength(join(files.cluster, '.s.PGSQL.5432')) <= socketPathLimit;
}

/** A port that was free a moment ago: the start is tried again with another one if it was taken since. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('A listening server has a port.');
  return address.port;
}
