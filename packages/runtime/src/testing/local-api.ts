import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface LocalRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface LocalAnswer {
  status?: number;
  headers?: Record<string, string | string[]>;
  /** Text and bytes go as they are, anything else as JSON. */
  body?: unknown;
}

export interface LocalApi {
  /** Its origin, such as http://127.0.0.1:40123. */
  readonly url: string;
  /** Everything that came in, in order. */
  readonly requests: LocalRequest[];
  close(): Promise<void>;
}

/** How a local API answers: an answer, no answer at all, or a connection that breaks. */
export type AnswerRequest = (
  request: LocalRequest,
  index: number,
) => LocalAnswer | 'silence' | 'break' | Promise<LocalAnswer>;

function sendAnswer(outgoing: ServerResponse, { status = 200, headers, body }: LocalAnswer): void {
  const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  outgoing.writeHead(status, { ...(isRaw ? {} : { 'content-type': 'application/json' }), ...headers });
  outgoing.end(isRaw ? body : JSON.stringify(body));
}

/** Starts a provider on a loopback port, for tests of what really goes over a connection. */
export async function startLocalApi(answer: AnswerRequest): Promise<LocalApi> {
  const requests: LocalRequest[] = [];
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await text(incoming);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body };
    requests.push(request);
    const given = await answer(request, requests.length - 1);
    if (given === 'break') incoming.socket.destroy();
    else if (given !== 'silence') sendAnswer(outgoing, given);
  };
  const server = createServer((incoming, outgoing) => {
    // A client that goes away in the middle is part of what is tested.
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
