import { TenonError } from '@tenon/runtime/errors';
import type { Credentials } from '@tenon/runtime/provider';
import type { ConnectionContext } from './connection-context.ts';
import { openCredentials, openToken, type StoredToken } from './seal-secrets.ts';
import { findSecrets, type SecretsRow } from './storage/find-secrets.ts';

export interface OpenSecrets extends Pick<
  SecretsRow,
  'id' | 'environment_id' | 'integration' | 'state' | 'problem' | 'token_version'
> {
  readonly credentials: Credentials;
  readonly token: StoredToken | undefined;
}

export interface SecretCache {
  /**
   * A connection's secrets as they are in the database now; of a borrowed one, its lender's, whose id is in the answer.
   * @throws TenonError `not_found`, `decryption_failed`
   */
  read(connectionId: number): Promise<OpenSecrets>;
}

interface Kept {
  readonly revision: string;
  readonly credentials: Credentials;
  readonly token: StoredToken | undefined;
}

/** Some 2 kB each. */
const keptConnections = 2_000;

/**
 * Keeps what was decrypted, by the row's revision. Every read asks the database which revision there is (one lookup by
 * primary key), so a token that another process renewed, or credentials that were replaced, are never served stale, and
 * a deleted connection is gone at once; see benchmarks/credentials for what it saves.
 */
export function createSecretCache({ database, keyring }: Pick<ConnectionContext, 'database' | 'keyring'>): SecretCache {
  const kept = new Map<number, Kept>();

  async function open(row: SecretsRow): Promise<Kept> {
    if (!row.credentials) throw new TenonError('not_found', 'The connection has no credentials.');
    const where = { keyring, connectionId: row.id };
    const [credentials, token] = await Promise.all([
      openCredentials(row.credentials, where),
      row.token === null ? undefined : openToken(row.token, where),
    ]);
    return { revision: row.revision, credentials, token };
  }

  function keep(connectionId: number, entry: Kept): void {
    kept.delete(connectionId);
    kept.set(connectionId, entry);
    const oldest = kept.keys().next();
    if (kept.size > keptConnections && !oldest.done) kept.delete(oldest.value);
  }

  return {
    async read(connectionId) {
      const before = kept.get(connectionId);
      const row = await findSecrets(database, { connectionId, known: before?.revision });
      if (!row) {
        kept.delete(connectionId);
        throw new TenonError('not_found', 'The connection does not exist (any more).');
      }
      const entry = before && before.revision === row.revision ? before : await open(row);
      keep(connectionId, entry);
      const { id, environment_id, integration, state, problem, token_version } = row;
      const { credentials, token } = entry;
      return { id, environment_id, integration, state, problem, token_version, credentials, token };
    },
  };
}
