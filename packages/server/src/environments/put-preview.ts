import type { Kysely } from 'kysely';
import { previewTtlMs, type BorrowedConnection, type StoredPreview } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../database/schema.ts';
import { borrowConnection } from './borrow-connection.ts';
import { toEnvironment } from './environment-row.ts';
import { findEnvironment, type Home } from './find-environment.ts';
import { lockParent } from './queries/lock-parent.ts';
import { upsertPreview } from './queries/upsert-preview.ts';

export interface PreviewRequest {
  readonly home: Home;
  readonly name: string;
  readonly ttlMs?: number | undefined;
  readonly allowWrites?: boolean | undefined;
  readonly borrow: readonly BorrowedConnection[];
  readonly now: Date;
}

/**
 * Makes a preview of the caller's environment, or brings the one of this name to what is asked for: safe to repeat, and
 * all of it or nothing.
 * @throws TenonError `conflict`, `not_found` for a connection that cannot be borrowed
 */
export async function putPreview(database: Kysely<Schema>, request: PreviewRequest): Promise<StoredPreview> {
  const { home, name, ttlMs, allowWrites, borrow, now } = request;
  const parentId = home.environmentId;
  const created = await database.transaction().execute(async (transaction) => {
    const parent = await lockParent(transaction, parentId);
    if (!parent) throw new TenonError('conflict', `${home.environment} is being deleted.`);
    if (parent.parent_id !== null) throw noPreviewOfPreview(parent.name);
    if (parent.name === name) {
      throw new TenonError('conflict', `A preview of ${name} cannot have its name.`, {
        hint: 'Take another one, such as pr-123.',
      });
    }
    const usualTtlMs = previewTtlMs.usual;
    const preview = await upsertPreview(transaction, { parentId, name, ttlMs, usualTtlMs, allowWrites, now });
    for (const one of borrow) {
      await borrowConnection(transaction, { ...one, previewId: preview.id, parentId, parent: parent.name, now });
    }
    return preview.created;
  });
  return { ...toEnvironment(await findEnvironment(database, { home, name })), created };
}

function noPreviewOfPreview(name: string): TenonError {
  return new TenonError('conflict', `${name} is a preview, and has no previews of its own.`, {
    hint: 'Make it a preview of the parent: with a key of that one, and without --preview.',
  });
}
