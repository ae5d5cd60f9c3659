import type { Kysely } from 'kysely';
import { nameSchema } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiKeyOwner } from '../credentials/api-keys/find-api-key.ts';
import { coversScopes } from '../credentials/api-keys/require-scopes.ts';
import type { Schema } from '../database/schema.ts';
import { previewUnknown } from './preview-unknown.ts';

/** The header that says in which preview of its environment a key acts. */
export const previewHeader = 'tenon-environment';

/**
 * Lets a key act in a preview of its environment, with the scopes that it has anyway. Everything else follows from the
 * caller's environment being another one: no route knows of previews. One query a request, so that a preview that is
 * deleted is closed at once on every server.
 * @returns the caller, in the preview
 * @throws TenonError `request_invalid`, `forbidden`, `preview_unknown`
 */
export async function enterPreview(
  database: Kysely<Schema>,
  { owner, name }: { owner: ApiKeyOwner; name: string },
): Promise<ApiKeyOwner> {
  if (name === owner.environment) return owner;
  if (!nameSchema.safeParse(name).success) {
    throw new TenonError('request_invalid', `The header ${previewHeader} does not hold a name of an environment.`, {
      hint: 'Names have lower-case letters, digits and dashes, such as pr-123.',
    });
  }
  if (!coversScopes(owner, ['environments:read']) && !coversScopes(owner, ['environments:write'])) {
    throw new TenonError('forbidden', `The API key "${owner.keyName}" does not reach previews.`, {
      hint: 'It lacks environments:read and environments:write; either lets it in, with its other scopes.',
      details: { scope: 'environments:read' },
    });
  }
  const row = await database
    .selectFrom('environments')
    .select('id')
    .where('parent_id', '=', owner.environmentId)
    .where('name', '=', name)
    .where('deleting_at', 'is', null)
    .executeTakeFirst();
  if (!row) throw await previewUnknown(database, { home: owner, name });
  return { ...owner, environmentId: row.id, environment: name };
}
