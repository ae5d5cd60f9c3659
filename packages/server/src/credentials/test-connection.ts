import type { ConnectionTest } from '@tenon/runtime/contract';
import type { ConnectionContext } from './connection-context.ts';
import { examineConnection } from './examine-connection.ts';
import { findConnection, type ConnectionAddress } from './find-connection.ts';
import { settleExamination } from './settle-examination.ts';

/**
 * Tries a connection: its token, and the provider's verification request. One that works again is active again.
 * @throws TenonError `not_found`, `decryption_failed`; what the provider answers is in the result
 */
export async function testConnection(
  context: ConnectionContext,
  { address, signal }: { address: ConnectionAddress; signal?: AbortSignal },
): Promise<ConnectionTest> {
  const found = await findConnection(context.database, address);
  // What is found of a borrowed connection is its lender's.
  const { id: connectionId } = await context.secrets.read(found.connectionId);
  const begunMs = performance.now();
  const examination = await examineConnection(context, { connectionId, signal });
  const durationMs = Math.round(performance.now() - begunMs);
  const problem = await settleExamination(context, { connectionId, examination });
  return { ok: problem === null, verified: examination.verified, durationMs, problem };
}
