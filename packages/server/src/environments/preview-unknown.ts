import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../database/schema.ts';
import { selectPreviewNames } from './queries/select-preview-names.ts';

const mostNames = 20;

/** The error for a preview that is not there, with those that are. */
export async function previewUnknown(
  database: Kysely<Schema>,
  { home, name }: { home: { readonly environmentId: number; readonly environment: string }; name: string },
): Promise<TenonError> {
  const names = await selectPreviewNames(database, { parentId: home.environmentId, limit: mostNames + 1 });
  const shown = names.slice(0, mostNames).join(', ') + (names.length > mostNames ? ', ...' : '');
  return new TenonError('preview_unknown', `${home.environment} has no preview ${name}.`, {
    hint:
      names.length === 0
        ? 'It has none. Make one with `tenon deploy --preview <name>`.'
        : `It has ${shown}. Make others with \`tenon deploy --preview <name>\`.`,
    details: { environment: home.environment, previews: names.slice(0, mostNames) },
  });
}
