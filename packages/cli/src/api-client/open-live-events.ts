import type { Readable } from 'node:stream';
import { liveEventSchema, type LiveEvent } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { HttpTransport } from './http-transport.ts';
import { readServerSentEvents } from './read-server-sent-events.ts';

/** Opens GET /v1/events. See ApiClient.openEvents. */
export async function openLiveEvents(
  http: HttpTransport,
  signal: AbortSignal,
): Promise<AsyncGenerator<LiveEvent, void, undefined>> {
  const stream = await http.open({ method: 'GET', path: ['events'], accept: 'text/event-stream', signal });
  return readEvents(stream, signal);
}

async function* readEvents(stream: Readable, signal: AbortSignal): AsyncGenerator<LiveEvent, void, undefined> {
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
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
    signal.removeEventListener('abort', stop);
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
