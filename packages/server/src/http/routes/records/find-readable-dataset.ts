import { TenonError } from '@tenon/runtime/errors';
import type { ApiKeyOwner } from '../../../credentials/api-keys/find-api-key.ts';
import { findConnection } from '../../../credentials/find-connection.ts';
import { ensureDatasets } from '../../../records/queries/ensure-datasets.ts';
import { findDataset } from '../../../records/queries/find-dataset.ts';
import type { AppContext } from '../../app-context.ts';
import { addressOf } from '../../route/connection-params.ts';

/**
 * The dataset that a reader means. One that nothing was saved to yet is made here: its feed has a cursor from the
 * start, so that a reader who comes early misses nothing.
 * @throws TenonError `not_found` for the connection, or for a model that the active deployment does not declare
 */
export async function findReadableDataset(
  { database, connections }: Pick<AppContext, 'database' | 'connections'>,
  caller: ApiKeyOwner,
  params: { readonly integration: string; readonly connection: string; readonly model: string },
): Promise<number> {
  const { integration, model } = params;
  const [{ connectionId }, active] = await Promise.all([
    findConnection(database, addressOf(caller, params)),
    connections.manifests.findActive(caller.environmentId),
  ]);
  const syncs = active?.manifest.functions.filter(
    (definition) => definition.kind === 'sync' && definition.integration === integration,
  );
  const models = (syncs ?? []).flatMap((sync) => (sync.kind === 'sync' ? sync.models.map(({ name }) => name) : []));
  if (!models.includes(model)) throw modelMissing({ integration, model, models });
  const existing = await findDataset(database, connectionId, model);
  if (existing !== undefined) return existing;
  const made = (await ensureDatasets(database, connectionId, [model])).get(model);
  if (made === undefined) throw new TenonError('not_found', 'The connection was deleted.');
  return made;
}

function modelMissing(names: { integration: string; model: string; models: readonly string[] }): TenonError {
  const { integration, model, models } = names;
  return new TenonError('not_found', `No sync of ${integration} in the active deployment has the model ${model}.`, {
    hint: models.length === 0 ? 'Deploy a sync first.' : `Its models are ${models.join(', ')}.`,
  });
}
