import { Kysely, PostgresDialect } from 'kysely';
import type { Client, PoolClient } from 'pg';
import type { Schema } from '../../database/schema.ts';
import type { TestDatabase } from '../../database/testing/create-test-database.ts';

/** Where a session is ended: before or after the n-th statement, from 1 on. */
export interface KillPoint {
  readonly statement: number;
  readonly moment: 'before' | 'after';
}

/**
 * The database by way of sessions one of which is ended at a chosen statement, as when Postgres is killed or the network
 * is cut. After the statement means that it was executed, and that nobody got its answer.
 * @param options.killer a session of its own, which is never ended
 */
export function openKillingDatabase(
  server: TestDatabase,
  options: { killer: Client; at: KillPoint },
): { database: Kysely<Schema>; hasKilled(): boolean } {
  const { killer, at } = options;
  let statements = 0;
  let hasKilled = false;

  async function kill(client: PoolClient & { processID?: number }): Promise<void> {
    hasKilled = true;
    await killer.query('select pg_terminate_backend($1, 5000)', [client.processID]);
  }
  async function connect(): Promise<PoolClient> {
    const client = await server.pool.connect();
    // The ended session says so, and its pool replaces it when it is released with an error.
    client.on('error', () => undefined);
    const query = async (...given: unknown[]): Promise<unknown> => {
      statements += 1;
      const isPoint = statements === at.statement;
      if (isPoint && at.moment === 'before') await kill(client);
      const answer: unknown = await (Reflect.apply(client.query.bind(client), client, given) as Promise<unknown>);
      if (!isPoint || at.moment === 'before') return answer;
      await kill(client);
      throw new Error('The answer was lost.');
    };
    const release = (): void => client.release(hasKilled);
    return new Proxy(client, {
      get: (target, name) =>
        name === 'query' ? query : name === 'release' ? release : Reflect.get(target, name, target),
    });
  }

  const pool = { connect, end: () => Promise.resolve() };
  return { database: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }), hasKilled: () => hasKilled };
}
