import type { FastifyReply } from 'fastify';
import type { LiveEvent } from '@tenon/runtime/contract';

export interface EventStream {
  send(event: LiveEvent): void;
  /** Calls back once, when either side has closed the stream. */
  onClose(callback: () => void): void;
}

/** Proxies and load balancers close what is silent for a minute, or for thirty seconds. */
const heartbeatMs = 15_000;

/** A reader that is this many bytes behind is cut off; it reconnects and reads lists for what it missed. */
const mostBufferedBytes = 4 * 1024 * 1024;

/**
 * Takes the connection over for server-sent events (WHATWG HTML section 9.2). Ends with the client, with a reader
 * that does not keep up, and with the server.
 */
export function openEventStream(reply: FastifyReply): EventStream {
  const { raw } = reply.hijack();
  reply.server.trackStream(raw);
  raw.writeHead(200, {
    ...toHeaders(reply.getHeaders()),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  // Something is sent at once, so that clients and proxies know that the stream stands.
  raw.write('retry: 1000\n: ok\n\n');
  const heartbeat = setInterval(() => write(': ping\n\n'), heartbeatMs);
  heartbeat.unref();
  raw.once('close', () => clearInterval(heartbeat));

  function write(text: string): void {
    if (raw.destroyed || raw.writableEnded) return;
    raw.write(text);
    if (raw.writableLength > mostBufferedBytes) raw.destroy();
  }

  return {
    send: (event) => write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
    onClose: (callback) => {
      if (raw.destroyed) callback();
      else raw.once('close', callback);
    },
  };
}

function toHeaders(headers: ReturnType<FastifyReply['getHeaders']>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
