import { createTimeOrderedIds } from '../../../database/time-ordered-ids.ts';
import { createMemoryQueue } from '../../memory/memory-queue.ts';
import { createNotifications } from '../../notifications/notifications.ts';
import { createRunEvents } from '../../runs/run-events.ts';
import { silentLog, type EngineRoom } from '../../testing/engine-room.ts';
import { createScheduler, type Scheduler, type SchedulerContext } from '../scheduler.ts';

/** A scheduler that looks only when it is told to, at the time of `clock`. */
export function openScheduler(
  room: EngineRoom,
  clock: { now: Date },
  engine: SchedulerContext['engine'] = createMemoryQueue().openEngine({ concurrency: 1 }),
): Scheduler {
  const now = () => clock.now.getTime();
  return createScheduler({
    run: {
      database: room.database,
      log: silentLog,
      events: createRunEvents(() => undefined),
      owner: 'test',
      now,
      random: () => 0,
      newRunId: createTimeOrderedIds(now),
    },
    engine,
    notifications: createNotifications({ pool: room.pool, log: silentLog }),
    pollMs: 3_600_000,
  });
}
