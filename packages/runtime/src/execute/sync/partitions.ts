import type { RunError } from '../../contract/api/runs.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import { toRunError } from '../to-run-error.ts';
import type { SyncResult } from '../worker-protocol.ts';
import { flushSaved } from './flush-saved.ts';
import { isRunFailure } from './is-run-failure.ts';
import { openPart, type SyncPart } from './open-part.ts';
import type { PartitionGate } from './partition-gate.ts';
import type { SyncRun } from './sync-run.ts';

type ReadPartition = (context: unknown) => Promise<void> | void;

export interface Partitions {
  /** Reads a partition. Rejects only with what ends the whole run. */
  read(key: string, read: ReadPartition): Promise<unknown>;
  /**
   * Waits for partitions that the script did not await.
   * @throws what ended the run; the first failure when no partition could be read
   */
  finish(): Promise<SyncResult['partitions']>;
}

const maxKeyLength = 500;
/** What a text column cannot hold. */
const unstorable = /[\0\p{Surrogate}]/u;

/**
 * The partitions of a run. They may be read one after the other or at once; those of one key follow each other.
 * @param gate of the sync itself
 */
export function createPartitions(run: SyncRun, gate: PartitionGate): Partitions {
  const { environment, sender } = run;
  /** The last call of each key. */
  const calls = new Map<string, Promise<unknown>>();
  const failures = new Map<string, { error: unknown; described: RunError }>();
  let runFailure: { error: unknown } | undefined;

  /** @returns false: it failed, and the run goes on */
  async function readNow(key: string, read: ReadPartition): Promise<boolean> {
    if (runFailure) throw runFailure.error;
    let part: SyncPart | undefined;
    try {
      const state = await environment.ask({ kind: 'partition-state', partition: key });
      part = openPart(run, { partition: key, state });
      await read(createPartitionContext(part, key));
      await part.calls.drain();
      await part.writer.finish();
      return true;
    } catch (error) {
      if (part) await flushSaved(part, { error, signal: environment.signal, sender });
      if (isRunFailure(error, { signal: environment.signal, sender })) throw error;
      const described = toRunError(error);
      if (!failures.has(key)) failures.set(key, { error, described });
      environment.log('error', `The partition ${key} failed: ${described.message}`, {
        partition: key,
        code: described.code,
      });
      return false;
    }
  }

  function createPartitionContext(part: SyncPart, outer: string): unknown {
    return Object.defineProperties(
      {},
      {
        ...Object.getOwnPropertyDescriptors(part.context),
        partition: {
          value: (key: string, read: ReadPartition) => readInOrder(`${outer}/${key}`, read, part.gate),
          enumerable: true,
        },
      },
    );
  }

  function readInOrder(key: string, read: ReadPartition, within: PartitionGate): Promise<unknown> {
    if (typeof key !== 'string' || key === '' || key.length > maxKeyLength || unstorable.test(key)) {
      const error = new TenonError(
        'script_failed',
        `A partition needs a key of 1 to ${maxKeyLength} characters, without NUL or half characters.`,
        {
          hint: 'Name the part of the connection that it reads, such as the repository.',
        },
      );
      runFailure ??= { error };
      return Promise.reject(error);
    }
    const call = (calls.get(key) ?? Promise.resolve()).then(() => readNow(key, read));
    const noted = call.catch((error: unknown) => {
      runFailure ??= { error };
      sender.fail(error);
      throw error;
    });
    // finish() throws it; a script that does not await it must not end its process by that.
    noted.catch(() => undefined);
    calls.set(key, noted);
    within.watch(noted.catch(() => false));
    return noted;
  }

  return {
    read: (key, read) => readInOrder(key, read, gate),
    async finish() {
      let count = -1;
      while (count !== calls.size) {
        count = calls.size;
        await Promise.allSettled(calls.values());
      }
      if (runFailure) throw runFailure.error;
      const [first] = failures.values();
      if (first && failures.size === calls.size) throw first.error;
      return {
        total: calls.size,
        failed: [...failures].map(([key, { described }]) => ({ key, error: described })),
      };
    },
  };
}
