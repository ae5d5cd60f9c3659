import { spawn } from 'node:child_process';
import { TenonError } from '@tenon/runtime/errors';

/** Fifty scripts take 0.3 s; what takes this long hangs. */
const deadlineMs = 300_000;

export interface TypeCheckerCall {
  readonly cwd: string;
  readonly arguments: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Runs the compiler to its end and returns what it printed. Exit codes 1 and 2 mean diagnostics.
 * @throws TenonError `types_failed` when it cannot be run or crashes; the signal's reason when it is aborted
 */
export async function runTypeChecker(executable: string, call: TypeCheckerCall): Promise<string> {
  call.signal?.throwIfAborted();
  // Not AbortSignal.timeout: `tenon dev` checks again and again, and each would be held for all of the deadline.
  const end = new AbortController();
  const { signal } = end;
  const stop = () => end.abort();
  const timer = setTimeout(stop, deadlineMs);
  call.signal?.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    const child = spawn(executable, call.arguments, {
      cwd: call.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    const printed: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => printed.push(chunk));
    }
    child.on('error', (error) => {
      // An abort also ends in `close`, which answers with the reason.
      if (!signal.aborted) reject(describeFailure(error.message));
    });
    child.on('close', (code, killedBy) => {
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', stop);
      if (call.signal?.aborted) reject(call.signal.reason);
      else if (signal.aborted) reject(describeFailure(`it did not end within ${deadlineMs / 1_000} s`));
      else if (code === null || code > 2)
        reject(describeFailure(`it ended with ${killedBy ?? code}: ${printed.join('')}`));
      else resolve(printed.join(''));
    });
  });
}

function describeFailure(reason: string): TenonError {
  return new TenonError('types_failed', `The type checker failed: ${reason.trim()}.`, {
    hint: 'Run `tenon doctor`.',
  });
}
