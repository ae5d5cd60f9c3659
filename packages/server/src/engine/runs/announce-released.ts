import type { Engine } from '../engine.ts';
import type { RunContext } from './run-context.ts';
import type { RunLogs } from './run-logs.ts';
import { runPriority } from './run-priority.ts';
import { toRun, type RunRow } from './run-row.ts';
import { wakeNext } from './wake-next.ts';

/**
 * Tells everyone what became of released runs: the engine of those that wait again, the listeners of those that ended,
 * and who waited for their places.
 */
export async function announceReleased(
  context: { run: RunContext; logs: RunLogs; engine: Pick<Engine, 'enqueue'> },
  rows: readonly RunRow[],
  { enqueue }: { enqueue: boolean },
): Promise<void> {
  for (const row of rows) {
    context.logs.open(row).write({
      at: context.run.now(),
      kind: 'engine',
      level: 'warn',
      message:
        row.status === 'queued'
          ? `The process that executed the run went away; attempt ${row.attempt} follows.`
          : `The process that executed the run went away; the run is ${row.status}.`,
    });
  }
  await context.logs.flush();
  const again = rows.filter((row) => row.status === 'queued');
  if (enqueue && again.length > 0) {
    await context.engine.enqueue(...again.map(({ id, trigger }) => ({ runId: id, priority: runPriority(trigger) })));
  }
  for (const row of rows) {
    if (row.status === 'queued') continue;
    context.run.events.publish(row.environment_id, { type: 'run.finished', run: toRun(row) });
    // Rare enough to look without knowing whether anybody waits.
    await wakeNext(context, { ...row, next_waits: true, is_limited: true });
  }
}
