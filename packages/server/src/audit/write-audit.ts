import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { AuditActor } from './audit-actor.ts';

export interface NewAuditEntry {
  readonly actor: AuditActor;
  /** Such as `connection.create`. */
  readonly action: string;
  /** Such as `connection:github/user1`. */
  readonly subject?: string | null;
  /** No secrets: it is shown as it is. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly address?: string | null;
  readonly requestId?: string | null;
}

/** Adds a row to the audit log; within a transaction, it is there if and only if what it tells is. */
export async function writeAudit(database: Kysely<Schema>, entry: NewAuditEntry): Promise<void> {
  const { actor, action, subject = null, details = {}, address = null, requestId = null } = entry;
  await database
    .insertInto('audit_log')
    .values({
      environment_id: actor.environmentId,
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      action,
      subject,
      details: JSON.stringify(details),
      address,
      request_id: requestId,
    })
    .execute();
}
