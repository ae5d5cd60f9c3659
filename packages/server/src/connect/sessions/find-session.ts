import type { ConnectSessionRequest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ConnectContext } from '../connect-context.ts';
import { hashSecret } from '../../credentials/random-secret.ts';
import { selectSession } from '../storage/select-session.ts';

/** Whose token it is that a page sent. */
export interface ConnectSessionOwner {
  readonly id: number;
  readonly environmentId: number;
  /** As the app asked for it. */
  readonly request: ConnectSessionRequest;
  readonly expiresAt: Date;
}

/** @throws TenonError `connect_session_invalid` */
export async function findSession({ connections }: ConnectContext, token: string): Promise<ConnectSessionOwner> {
  const session = await selectSession(connections.database, { tokenHash: hashSecret(token) });
  if (session && session.expiresAt.getTime() > connections.now()) return session;
  throw new TenonError('connect_session_invalid', 'This connect session is unknown or has expired.', {
    hint: 'Go back to the application and start connecting again.',
  });
}
