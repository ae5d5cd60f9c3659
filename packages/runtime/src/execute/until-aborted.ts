/**
 * Runs the work until it ends or the signal is aborted, whichever is first: a script that ignores its signal must not
 * hold the run. Whatever it throws after the abort is the abort's doing, so the reason is what is thrown.
 */
export async function untilAborted<Result>(signal: AbortSignal, work: () => Promise<Result> | Result): Promise<Result> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([(async () => work())(), aborted]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
