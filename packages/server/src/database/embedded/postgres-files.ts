import { join, resolve } from 'node:path';

/** Where the embedded Postgres keeps what it needs, below the data directory of a Tenon server. */
export interface PostgresFiles {
  readonly root: string;
  /** The cluster. Appears by a rename, so it is either whole or absent. */
  readonly cluster: string;
  /** Mode 0600. Who can read it may connect. */
  readonly password: string;
  readonly log: string;
  /** Links to shared libraries that the installer left out. */
  readonly libraries: string;
}

export function postgresFiles(dataDirectory: string): PostgresFiles {
  const root = resolve(dataDirectory, 'postgres');
  return {
    root,
    cluster: join(root, 'data'),
    password: join(root, 'password'),
    log: join(root, 'postgres.log'),
    libraries: join(root, 'lib'),
  };
}
