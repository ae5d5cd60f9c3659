import type { Engine } from '../engine.ts';
import type { FinishedRun } from './queries/finish-run.ts';
import type { RunContext } from './run-context.ts';
import { toRun } from './run-row.ts';
import { wakeNext } from './wake-next.ts';

/** Tells the listeners that a run ended, and who waited for it that its place is free. */
export async function announceFinished(
  context: { run: RunContext; engine: Pick<Engine, 'enqueue'> },
  row: FinishedRun,
): Promise<void> {
  context.run.events.publish(row.environment_id, { type: 'run.finished', run: toRun(row) });
  if (row.next_waits || row.is_limited) await wakeNext(context, row);
}
