import { TenonError } from '@tenon/runtime/errors';
import { toJsonbText } from '../../database/to-jsonb-text.ts';
import type { AskContext } from './ask-context.ts';
import type { AskHandler } from './ask-handlers.ts';
import { updateMetadata } from './queries/update-metadata.ts';

/** As JSON, in UTF-16 units: it is read with every run. */
const maxMetadataLength = 100_000;

/** Changes the metadata of the run's connection, for this run and all later ones. */
export function metadataAsk({ database }: Pick<AskContext, 'database'>): AskHandler<'metadata'> {
  return async ({ change, metadata }, { run }) => {
    const json = toJsonbText(metadata);
    if (json.length > maxMetadataLength) {
      throw new TenonError(
        'request_invalid',
        `The metadata has ${json.length} characters; ${maxMetadataLength} is the limit.`,
        {
          hint: 'Keep what grows in records of a sync.',
        },
      );
    }
    const stored = await updateMetadata(database, { connectionId: run.connection_id, change, json });
    if (stored) return stored;
    throw new TenonError('not_found', `The connection ${run.connection} was deleted.`);
  };
}
