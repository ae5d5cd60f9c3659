import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { CredentialRoom } from './credential-room.ts';
import type { ReadingAnswer, ReadingOrder } from './reading-process.ts';

export interface ReadingProcess {
  readonly child: ChildProcess;
  /** Reads so often at once. @returns what came, and how often */
  read(connectionId: number, reads: number): Promise<Extract<ReadingAnswer, { type: 'read' }>>;
}

/** Starts processes of their own on a room's database. `close` ends what is left of them. */
export async function startReadingProcesses(
  { connectionString, encryptionKey }: Pick<CredentialRoom, 'connectionString' | 'encryptionKey'>,
  count: number,
): Promise<{ processes: ReadingProcess[]; close(): Promise<void> }> {
  // Inside the package, so that what it imports is found.
  const folder = await mkdtemp(join(import.meta.dirname, '../../../node_modules/.reading-'));
  const script = join(folder, 'reading-process.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'reading-process.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const processes = Array.from({ length: count }, () => toReadingProcess(fork(script, [], { execArgv: [] })));
  const order: ReadingOrder = {
    type: 'open',
    connectionString,
    encryptionKey: encryptionKey.toString('base64'),
  };
  await Promise.all(processes.map(({ child }) => ask(child, order)));
  return {
    processes,
    async close() {
      for (const { child } of processes) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true });
    },
  };
}

function toReadingProcess(child: ChildProcess): ReadingProcess {
  return {
    child,
    async read(connectionId, reads) {
      const answer = await ask(child, { type: 'read', connectionId, reads });
      if (answer.type === 'read') return answer;
      throw new Error('The process answered something else.');
    },
  };
}

async function ask(child: ChildProcess, order: ReadingOrder): Promise<ReadingAnswer> {
  const gone = new AbortController();
  const exit = once(child, 'exit', { signal: gone.signal }).then(() => {
    throw new Error('The process is gone.');
  });
  exit.catch(() => undefined);
  child.send(order);
  try {
    const [answer] = (await Promise.race([once(child, 'message'), exit])) as [ReadingAnswer];
    return answer;
  } finally {
    gone.abort();
  }
}
