import type { ConnectAttempt, ConnectSession } from '@tenon/runtime/contract';
import type { TenonServer } from './start-tenon-server.ts';

export interface BegunAttempt {
  readonly session: ConnectSession;
  readonly attempt: ConnectAttempt;
  /** Of the browser that is sent to the provider. */
  readonly cookie: string;
}

export interface Wanted {
  readonly integration: string;
  /** The end user, and so the connection. */
  readonly user: string;
  readonly config?: Readonly<Record<string, string>>;
}

/** Makes a session, and starts an attempt in it as the hosted page does. */
export async function beginConnecting(server: TenonServer, wanted: Wanted): Promise<BegunAttempt> {
  const { integration, user, config = {} } = wanted;
  const made = await server.call<ConnectSession>('POST', '/v1/connect/sessions', { endUser: { id: user } });
  if (made.status !== 201) throw new Error(`The session was refused: ${JSON.stringify(made.body)}`);
  const answer = await fetch(`${server.url}/v1/connect/attempts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${made.body.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ integration, config }),
  });
  const body = (await answer.json()) as ConnectAttempt;
  if (answer.status !== 201) throw new Error(`The attempt was refused: ${JSON.stringify(body)}`);
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { session: made.body, attempt: body, cookie };
}

/** Comes back from the provider in the browser that went there. */
export async function comeBack(
  serverUrl: string,
  { cookie }: BegunAttempt,
  parameters: Readonly<Record<string, string>>,
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${serverUrl}/oauth/callback?${new URLSearchParams(parameters)}`, { headers: { cookie } });
  return { status: answer.status, text: await answer.text() };
}

/** The whole way. @param options.consent what the provider sends the browser back with */
export async function connectCustomer(
  server: TenonServer,
  wanted: Wanted,
  consent: (url: string) => Promise<Readonly<Record<string, string>>>,
): Promise<void> {
  const begun = await beginConnecting(server, wanted);
  const page = await comeBack(server.url, begun, await consent(begun.attempt.url ?? ''));
  if (page.status !== 200) throw new Error(`${wanted.integration} was not connected: ${page.text}`);
}
