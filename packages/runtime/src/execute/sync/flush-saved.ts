import { TenonError } from '../../errors/tenon-error.ts';
import type { SyncPart } from './open-part.ts';

/**
 * Commits what was saved before a part failed: it is as good as any other record, and a run that is tried again goes on
 * behind it. What this fails with ends the run as it would have without.
 */
export async function flushSaved(
  { calls, writer }: Pick<SyncPart, 'calls' | 'writer'>,
  {
    error,
    signal,
    sender,
  }: { error: unknown; signal: AbortSignal; sender: { hasFailed(): boolean; fail(error: unknown): void } },
): Promise<void> {
  if (signal.aborted || sender.hasFailed()) return;
  // Too much of it is not as good as any other record.
  if (error instanceof TenonError && error.code === 'quarantine_exceeded') return;
  try {
    await calls.settle();
    await writer.flush();
  } catch (failure) {
    sender.fail(failure);
  }
}
