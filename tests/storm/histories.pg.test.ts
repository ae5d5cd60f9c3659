import { asyncProperty, check, defaultReportMessage } from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import type { EngineRoom } from '../../packages/server/src/engine/testing/engine-room.ts';
import { histories } from './history/history.ts';
import { playHistory } from './history/play-history.ts';
import { openStormRoom } from './history/storm-room.ts';
import { startVirtualTime, type VirtualTime } from './history/virtual-time.ts';

// TENON_STORM_HISTORIES=10000 for a night; TENON_STORM_SEED and TENON_STORM_PATH repeat one that failed.
const count = Number(process.env['TENON_STORM_HISTORIES'] ?? 100);
const seed = Number(process.env['TENON_STORM_SEED'] ?? 1);
const path = process.env['TENON_STORM_PATH'];

let room: EngineRoom;
let time: VirtualTime;
beforeAll(async () => {
  room = await openStormRoom();
  time = startVirtualTime();
});
afterAll(async () => {
  time.end();
  await room.close();
});

test(
  `after ${count} random histories (TENON_STORM_SEED=${seed}) the store is what the provider has`,
  async () => {
    const property = asyncProperty(histories, (history) => playHistory(room, time, history));
    const result = await check(property, { seed, numRuns: count, ...(path === undefined ? {} : { path }) });
    if (result.failed) {
      const cause = result.errorInstance;
      throw new Error(`${defaultReportMessage(result)}\n${cause instanceof Error ? cause.stack : String(cause)}`);
    }
  },
  60_000 + count * 2_000,
);
