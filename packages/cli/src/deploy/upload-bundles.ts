import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../api-client/api-client.ts';

/** Uploads at the same time: enough to hide the round trips, few enough not to crowd a small server. */
const concurrency = 4;

export interface BundleUpload {
  readonly hashes: readonly string[];
  readonly bundles: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
  readonly onUploaded?: (done: number) => void;
}

/** Uploads what the server lacks. The first failure ends the rest. */
export async function uploadBundles(server: Pick<ApiClient, 'uploadBundle'>, upload: BundleUpload): Promise<void> {
  const failure = new AbortController();
  const signal = upload.signal ? AbortSignal.any([upload.signal, failure.signal]) : failure.signal;
  const waiting = [...upload.hashes];
  let done = 0;
  const work = async () => {
    for (let hash = waiting.shift(); hash !== undefined; hash = waiting.shift()) {
      const code = upload.bundles.get(hash);
      if (code === undefined) {
        throw new TenonError('server_answer_invalid', `The server asks for the bundle ${hash}, which was never named.`);
      }
      await server.uploadBundle(hash, code, { signal });
      upload.onUploaded?.(++done);
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, waiting.length) }, async () => {
    try {
      await work();
    } catch (error) {
      // The first failure is the reason; the others only follow from it.
      if (!failure.signal.aborted) failure.abort(error);
    }
  });
  await Promise.all(workers);
  upload.signal?.throwIfAborted();
  failure.signal.throwIfAborted();
}
