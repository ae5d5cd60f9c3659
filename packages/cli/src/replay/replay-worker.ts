import { parentPort, workerData } from 'node:worker_threads';
import { createReplays } from './create-replays.ts';
import type { ReplayInput } from './replay-input.ts';
import { tellError, type FromThread, type ToThread } from './thread-messages.ts';

// The entry of the thread that open-replays.ts starts. It does one replay at a time, and is ended when it is to stop.
const { signal } = new AbortController();
const replays = createReplays(workerData as ReplayInput);

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin, a window has.
const tell = (message: FromThread) => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToThread) => {
  if (message === 'ping') return tell('pong');
  execute(message).then(
    (result) => tell({ result }),
    (error: unknown) => tell({ error: tellError(error) }),
  );
});

async function execute({ method, recording }: Exclude<ToThread, 'ping'>): Promise<unknown> {
  const own = await replays;
  const result = await own[method](recording, { signal });
  // As JSON carries it: a script may log what threads cannot hand over.
  return JSON.parse(JSON.stringify(result)) as unknown;
}
