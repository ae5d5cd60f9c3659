import type { Page, Variable } from '@tenon/runtime/contract';
import { variableNameSchema } from '@tenon/runtime/contract';
import type { ConnectionContext } from '../credentials/connection-context.ts';
import { cursorInvalid } from '../database/pages/cursor-invalid.ts';
import { pageOfRows } from '../database/pages/page-of-rows.ts';
import { selectVariables } from './queries/select-variables.ts';

/**
 * Names of an environment's variables, in their order: those that are stored, those that a preview reads of its parent,
 * and those of the server's own environment.
 * @throws TenonError `request_invalid` for a cursor that this list did not give
 */
export async function listVariables(
  { database, integrations }: Pick<ConnectionContext, 'database' | 'integrations'>,
  { environmentId, cursor, limit }: { environmentId: number; cursor?: string | undefined; limit: number },
): Promise<Page<Variable>> {
  if (cursor !== undefined && !variableNameSchema.safeParse(cursor).success) throw cursorInvalid();
  const stored = await selectVariables(database, { environmentId });
  const all = new Map<string, Variable>();
  for (const name of integrations.serverVariableNames) {
    all.set(name, { name, source: 'server', overrides: false, updatedAt: null });
  }
  for (const { name, updated_at: updatedAt, is_inherited: isInherited } of stored) {
    const source = isInherited ? 'parent' : 'stored';
    all.set(name, { name, source, overrides: all.has(name), updatedAt: updatedAt.toISOString() });
  }
  const rest = [...all.values()]
    .filter(({ name }) => cursor === undefined || name > cursor)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return pageOfRows(rest, { limit, toItem: (variable) => variable, toCursor: ({ name }) => name });
}
