import type {
  Kysely,
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely';
import type { Schema } from '../schema.ts';

/** A process's view of the database, which a test can end at any statement. */
export interface MortalDatabase {
  readonly database: Kysely<Schema>;
  /** Statements that were let through. */
  readonly statements: number;
  readonly isDead: boolean;
  /** Lets so many more statements through; the next one, and all after it, fail: the process is dead. */
  dieAfter(statements: number): void;
  /** Lets so many more statements through; the next one fails, those after it do not. */
  failOnceAfter(statements: number): void;
  /** Forgets a death or a failure that has not come yet. */
  spare(): void;
}

/**
 * Wraps a database so that it dies as a process does: in the middle of a transaction, which Postgres then rolls back,
 * and with everything that the process would still have done left undone.
 */
export function createMortalDatabase(database: Kysely<Schema>): MortalDatabase {
  let statements = 0;
  let isDead = false;
  let due: { after: number; isDeath: boolean } | undefined;

  function check(): void {
    if (isDead) throw new Error('This process is dead.');
    if (due && statements >= due.after) {
      isDead = due.isDeath;
      due = undefined;
      throw new Error('Connection terminated unexpectedly');
    }
    statements += 1;
  }

  const plugin: KyselyPlugin = {
    transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
      check();
      return node;
    },
    transformResult: ({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> =>
      Promise.resolve(result),
  };

  return {
    database: database.withPlugin(plugin),
    get statements() {
      return statements;
    },
    get isDead() {
      return isDead;
    },
    dieAfter: (count) => (due = { after: statements + count, isDeath: true }),
    failOnceAfter: (count) => (due = { after: statements + count, isDeath: false }),
    spare: () => (due = undefined),
  };
}
