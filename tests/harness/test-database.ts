import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the server that makes test databases: packages/server/src/database/testing. */
    testDatabaseServer: string;
  }
}

export interface TestDatabase {
  readonly connectionString: string;
  /** Drops it with whatever is still connected to it. */
  drop(): Promise<void>;
}

/** A database of its own in the Postgres that vitest's set-up starts, for servers that share one. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('testDatabaseServer');
  const call = async (url: string, method: string): Promise<{ name: string; url: string }> => {
    const answer = await fetch(url, { method });
    if (!answer.ok) throw new Error(`The test database server failed: ${await answer.text()}`);
    return (await answer.json()) as { name: string; url: string };
  };
  const { name, url } = await call(server, 'POST');
  return {
    connectionString: url,
    drop: async () => {
      await call(`${server}/${name}`, 'DELETE');
    },
  };
}
