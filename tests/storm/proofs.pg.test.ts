import { afterAll, beforeAll, test } from 'vitest';
import type { EngineRoom } from '../../packages/server/src/engine/testing/engine-room.ts';
import type { RunStep } from './history/history.ts';
import { playHistory } from './history/play-history.ts';
import { openStormRoom } from './history/storm-room.ts';
import type { Mutation } from './history/truth.ts';
import { startVirtualTime, type VirtualTime } from './history/virtual-time.ts';

// One story for each promise of docs/semantics.md that a storm could break. playHistory fails when, in the end or after
// a run that nothing disturbed, the store is not what the provider has, or a follower of the feed holds something else.

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

const mutation = (changes: Partial<Mutation>): Mutation => ({
  add: 0,
  update: [],
  remove: [],
  sameInstant: false,
  ...changes,
});
const run = (changes: Partial<RunStep> = {}): RunStep => ({
  kind: 'run',
  faults: [],
  between: [],
  during: [],
  ...changes,
});
/** Every page of the provider becomes one of the store, or two do. */
const callMs = 2_500;

test('row 3: records with one time on both sides of a page boundary are all read, also by a run that was killed between', async () => {
  for (let page = 0; page < 4; page += 1) {
    await playHistory(room, time, {
      sync: 'ascending',
      initial: 7,
      pageSize: 2,
      callMs,
      steps: [
        run({ faults: [{ kind: 'worker dies', page, committed: true }] }),
        { kind: 'mutate', mutation: mutation({ update: [0, 1, 2, 3, 4] }) },
        run({ faults: [{ kind: 'cancelled', page }] }),
      ],
    });
  }
});

test('row 3: what is written while a sync reads is read by it or by the next run, in every order of reading', async () => {
  for (const sync of ['ascending', 'descending', 'unordered'] as const) {
    for (let call = 0; call < 5; call += 1) {
      await playHistory(room, time, {
        sync,
        initial: 6,
        pageSize: 2,
        callMs,
        steps: [
          run({ during: [{ call, mutation: mutation({ add: 1, update: [0, 5] }), reshuffles: true }] }),
          run({ during: [{ call, mutation: mutation({ add: 1, update: [1, 4] }), reshuffles: true }] }),
        ],
      });
    }
  }
});

test('row 5: a run that fails, is cancelled or is lost deletes nothing, wherever it ends', async () => {
  for (let place = 0; place < 4; place += 1) {
    const ends = [
      { kind: 'provider is down' as const, call: place },
      { kind: 'cancelled' as const, page: place },
      { kind: 'worker dies' as const, page: place, committed: false },
    ];
    for (const end of ends) {
      await playHistory(room, time, {
        sync: 'absence',
        initial: 8,
        pageSize: 2,
        callMs,
        steps: [run(), { kind: 'mutate', mutation: mutation({ remove: [0, 3] }) }, run({ faults: [end, end, end] })],
      });
    }
  }
});

test('rows 1 and 2: a server that is killed at any statement of a run leaves a page whole or not at all', async () => {
  for (let statement = 0; statement < 30; statement += 1) {
    await playHistory(room, time, {
      sync: 'ascending',
      initial: 4,
      pageSize: 2,
      callMs,
      steps: [
        { kind: 'reader joins' },
        run({
          faults: [{ kind: 'server dies', statement }],
          between: [mutation({ update: [0], remove: [1], add: 1 })],
        }),
        { kind: 'readers follow' },
      ],
    });
  }
}, 120_000);

test('row 6: a provider that is empty once loses nothing', async () => {
  for (const initial of [3, 30]) {
    await playHistory(room, time, {
      sync: 'guarded',
      initial,
      pageSize: 10,
      callMs,
      steps: [run(), run({ faults: [{ kind: 'provider is empty' }], isKept: true })],
    });
  }
});
