import { TenonError } from '@tenon/runtime/errors';
import { selectVariables } from './queries/select-variables.ts';
import type { ConnectionContext } from '../credentials/connection-context.ts';

/** @throws TenonError `not_found`; `conflict` for one that only the server's own environment has */
export async function deleteVariable(
  { database, integrations }: Pick<ConnectionContext, 'database' | 'integrations'>,
  { environmentId, name }: { environmentId: number; name: string },
): Promise<void> {
  const { numDeletedRows } = await database
    .deleteFrom('variables')
    .where('environment_id', '=', environmentId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (numDeletedRows > 0n) return;
  if (integrations.serverVariableNames.has(name)) {
    throw new TenonError('conflict', `The variable ${name} is one of the server's own environment.`, {
      hint: `Start the server without TENON_VAR_${name}.`,
    });
  }
  const rest = await selectVariables(database, { environmentId });
  if (rest.some((variable) => variable.name === name)) {
    throw new TenonError('conflict', `The variable ${name} is one of the parent of this preview.`, {
      hint: `Delete it there, or give the preview a value of its own: \`tenon env set ${name}\`.`,
    });
  }
  throw new TenonError('not_found', `There is no variable ${name}.`, { hint: 'List them with `tenon env list`.' });
}
