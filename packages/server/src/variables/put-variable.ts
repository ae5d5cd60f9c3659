import type { Variable } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ConnectionContext } from '../credentials/connection-context.ts';
import { encrypt } from '../credentials/envelope.ts';
import { reserveVariableId } from './queries/reserve-variable-id.ts';
import { upsertVariable } from './queries/upsert-variable.ts';

/** Two that set a new variable at once reserve two ids, and one of them has to come again; more never happened. */
const mostTries = 5;

/**
 * Stores a secret of an environment, encrypted. Where the server's own environment has one of this name, the stored one
 * is used from then on; the answer says so.
 */
export async function putVariable(
  { database, keyring, integrations }: Pick<ConnectionContext, 'database' | 'keyring' | 'integrations'>,
  { environmentId, name, value }: { environmentId: number; name: string; value: string },
): Promise<Variable> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const id = await reserveVariableId(database, { environmentId, name });
    const sealed = encrypt(value, { keyring, place: { table: 'variables', column: 'value', row: id } });
    const updatedAt = await upsertVariable(database, { id, environmentId, name, value: sealed });
    if (!updatedAt) continue;
    const overrides = integrations.serverVariableNames.has(name);
    return { name, source: 'stored', overrides, updatedAt: updatedAt.toISOString() };
  }
  throw new TenonError('conflict', `The variable ${name} is being changed by others.`, { hint: 'Try again.' });
}
