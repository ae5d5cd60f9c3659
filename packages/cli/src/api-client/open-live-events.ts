import type { Readable } from 'node:stream';
import { liveEventSchema, type LiveEvent } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { HttpTransport } from './http-transport.ts';
import { readServerSentEvents } from './read-server-sent-events.ts';

/** The server sends something every 15 s: a connection that is silent for this long is dead, though nothing closed it. */
const silenceMs = 60_000;

/** Opens GET /v1/events. See ApiClient.openEvents. */
export async function openLiveEvents(
  http: HttpTransport,
  signal: AbortSignal,
): Promise<AsyncGenerator<LiveEvent, void, undefined>> {
  const call = { method: 'GET', path: ['events'], accept: 'text/event-stream', signal } as const;
  const stream = await http.open({ ...call, idleMs: silenceMs });
  // It may break off, or be given up, before anybody reads it; who reads it then is told.
  stream.on('error', () => {});
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', stop));
  return readEvents(stream, signal);
}

async function* readEvents(stream: Readable, signal: AbortSignal): AsyncGenerator<LiveEvent, void, undefined> {
  try {
    signal.throwIfAborted();
    for await (const data of readServerSentEvents(stream)) {
      const event = parseEvent(data);
      if (event !== undefined) yield event;
    }
  } catch (cause) {
    if (signal.aborted) return;
    if (cause instanceof TenonError) throw cause;
    throw new TenonError('server_unreachable', 'The stream of events from the Tenon server broke off.', { cause });
  } finally {
    stream.destroy();
  }
}

/** Events of a type that this version does not know are skipped: a newer server may send more. */
function parseEvent(data: string): LiveEvent | undefined {
  const parsed = liveEventSchema.safeParse(readJson(data));
  return parsed.success ? parsed.data : undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
