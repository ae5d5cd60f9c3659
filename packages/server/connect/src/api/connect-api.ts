import type {
  ConnectAttempt,
  Connected,
  ConnectView,
  StartAuthorization,
  SubmitConnection,
} from '@tenon/runtime/contract';
import { ConnectFailure } from './connect-failure.ts';

/** How long the server holds a question about an attempt back until there is news. */
const attemptWaitMs = 25_000;
/** Checking credentials asks the provider, which may be slow. */
const callTimeoutMs = 60_000;

/** The routes of a connect session. All reject with a ConnectFailure, or with the signal's reason. */
export interface ConnectApi {
  readView(signal?: AbortSignal): Promise<ConnectView>;
  submit(request: SubmitConnection): Promise<Connected>;
  startAttempt(request: StartAuthorization): Promise<ConnectAttempt>;
  /** Answers when the attempt is no longer pending, or after a while with the attempt as it is. */
  waitForAttempt(
    id: string,
    options: { readonly signal: AbortSignal; readonly atOnce?: boolean },
  ): Promise<ConnectAttempt>;
}

/** @param token of the session; it is sent in a header, never in an address that a log might keep */
export function createConnectApi(token: string): ConnectApi {
  async function call<Answer>(path: string, request: { body?: unknown; signal?: AbortSignal | undefined } = {}) {
    const deadline = AbortSignal.timeout(callTimeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`/v1/connect/${path}`, {
        method: request.body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        cache: 'no-store',
        signal: request.signal ? AbortSignal.any([request.signal, deadline]) : deadline,
      });
      text = await response.text();
    } catch (error) {
      request.signal?.throwIfAborted();
      throw new ConnectFailure({ code: 'network_failed', message: String(error) });
    }
    const json = readJson(text);
    if (response.ok && json !== undefined) return json as Answer;
    throw failureOf(json, response.status);
  }

  return {
    readView: (signal) => call<ConnectView>('session', { signal }),
    submit: (body) => call<Connected>('connections', { body }),
    startAttempt: (body) => call<ConnectAttempt>('attempts', { body }),
    waitForAttempt: (id, { signal, atOnce }) =>
      call<ConnectAttempt>(`attempts/${encodeURIComponent(id)}?waitMs=${atOnce ? 0 : attemptWaitMs}`, { signal }),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function failureOf(json: unknown, status: number): ConnectFailure {
  const body = (json as { error?: Partial<ConnectFailure> } | null | undefined)?.error;
  if (typeof body?.code === 'string' && typeof body.message === 'string') {
    const { code, message, hint, requestId, details } = body;
    return new ConnectFailure({ code, message, hint, requestId, details });
  }
  // Something between the browser and the server answered, such as a proxy's error page.
  return new ConnectFailure({ code: 'network_failed', message: `The server answered ${status}.` });
}
