import type { AuditActor } from '../../audit/audit-actor.ts';
import type { ConnectSessionOwner } from './find-session.ts';

/** Who the audit log says it was: the session, by the name of its customer. */
export function sessionActor({ id, environmentId, request: { endUser } }: ConnectSessionOwner): AuditActor {
  return { environmentId, kind: 'connect_session', id: String(id), name: endUser.displayName ?? endUser.id };
}
