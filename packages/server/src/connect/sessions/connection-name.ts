import { connectionIdSchema, type ConnectSessionRequest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';

/** What the connections of a session are called. */
export function connectionNameOf({ reconnect, connection, endUser }: ConnectSessionRequest): string {
  return reconnect?.connection ?? connection ?? endUser.id;
}

/** @throws TenonError `request_invalid` when the end user's id cannot serve as a name */
export function requireConnectionName(request: ConnectSessionRequest): void {
  if (connectionIdSchema.safeParse(connectionNameOf(request)).success) return;
  throw new TenonError(
    'request_invalid',
    "body.endUser.id: cannot be a connection's name, which has no spaces or slashes.",
    {
      hint: 'Give the connection a name of its own: `connection`.',
      details: { problems: [{ path: 'body.endUser.id', message: 'expected no spaces and no slashes' }] },
    },
  );
}
