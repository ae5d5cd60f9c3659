import type { SyncStatus } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { describe, expect, it } from 'vitest';
import type { SampleEvent } from '../events/sample-event.ts';
import { sampleRun, sampleSync } from '../testing/samples.ts';
import { createTestContext } from '../testing/test-context.ts';
import { DevKeys } from './dev-keys.ts';

const opened: SampleEvent = {
  name: 'issues-opened',
  description: 'An issue was opened.',
  source: undefined,
  syncs: ['issues'],
  headers: {},
  body: {},
};

function keysOf(syncs = [sampleSync(), sampleSync({ connection: 'user2' })], samples = [opened]) {
  const calls: string[] = [];
  const state = syncs.map((sync) => ({ ...sync }));
  const setPaused = (paused: boolean) => async (ref: Pick<SyncStatus, 'connection' | 'sync'>) => {
    calls.push(`${paused ? 'pause' : 'resume'} ${ref.connection}`);
    const found = state.find((one) => one.connection === ref.connection && one.sync === ref.sync);
    if (found) found.paused = paused;
  };
  const test = createTestContext();
  const errors: unknown[] = [];
  const keys = new DevKeys({
    server: {
      listSyncs: async () => ({ items: state, nextCursor: null }),
      triggerSync: async (ref) => {
        calls.push(`trigger ${ref.connection}`);
        if (ref.connection === 'retired') throw new TenonError('not_found', 'There is no such sync.');
        if (ref.connection === 'broken') throw new TenonError('unavailable', 'Not now.');
        return { run: sampleRun(), alreadyRunning: false };
      },
      pauseSync: setPaused(true),
      resumeSync: setPaused(false),
      forwardEvent: async (ref, event) => {
        calls.push(`event ${ref.sync} ${ref.connection} ${JSON.stringify(event)}`);
        return { run: sampleRun({ connection: ref.connection, function: ref.sync }), alreadyRunning: false };
      },
    },
    output: test.output,
    signal: test.signal,
    onError: (error) => errors.push(error),
    openPage: async () => void calls.push('open'),
    listSamples: async () => samples,
  });
  return { keys, calls, test, errors };
}

describe('DevKeys', () => {
  it('runs the only sync at once', async () => {
    const { keys, calls, test } = keysOf([sampleSync()]);
    await keys.press('r');
    expect(calls).toEqual(['trigger user1']);
    expect(test.stdout()).toBe('Running github/issues user1\n');
  });

  it('asks which of several syncs, and runs the one whose number is pressed', async () => {
    const { keys, calls, test } = keysOf();
    await keys.press('r');
    expect(keys.isAsking).toBe(true);
    expect(test.stdout()).toContain('  1 github/issues user1\n  2 github/issues user2\n');
    await keys.press('2');
    expect(calls).toEqual(['trigger user2']);
    expect(keys.isAsking).toBe(false);
  });

  it('runs all of several with a, and none with Esc', async () => {
    const { keys, calls, test } = keysOf();
    await keys.press('r');
    await keys.press('\u001B');
    expect(calls).toEqual([]);
    await keys.press('r');
    await keys.press('a');
    expect(calls).toEqual(['trigger user1', 'trigger user2']);
    expect(test.stdout()).toContain('Running 2 syncs\n');
  });

  it('takes a number and Enter when there are more than nine', async () => {
    const { keys, calls } = keysOf(
      Array.from({ length: 12 }, (_, index) => sampleSync({ connection: `user${index + 1}` })),
    );
    for (const key of ['r', '1', '1', '2', '\u007F', '\r']) await keys.press(key);
    expect(calls).toEqual(['trigger user11']);
  });

  it('runs the others when the script of one was deleted', async () => {
    const { keys, test, errors } = keysOf([sampleSync({ connection: 'retired' }), sampleSync()]);
    await keys.press('r');
    await keys.press('a');
    expect(errors).toEqual([]);
    expect(test.stdout()).toContain('Running github/issues user1\n');
  });

  it('pauses all schedules, and resumes them when all are paused', async () => {
    const { keys, calls, test } = keysOf();
    await keys.press('p');
    await keys.press('p');
    await keys.press('x');
    expect(calls).toEqual(['pause', 'resume'].flatMap((verb) => [`${verb} user1`, `${verb} user2`]));
    expect(test.stdout()).toBe('Schedules are paused; p resumes them.\nSchedules run again.\n');
  });

  it('sends a test webhook to the account that is picked', async () => {
    const { keys, calls, test } = keysOf();
    await keys.press('t');
    expect(test.stdout()).toContain('1 github.issues-opened to user1');
    await keys.press('2');
    expect(calls).toEqual(['event issues user2 {"headers":{},"body":{}}']);
    expect(test.stdout()).toContain('Sent github.issues-opened to github/issues user2\n');
  });

  it('says what is missing when no test webhook can be sent', async () => {
    const nobody = keysOf([]);
    await nobody.keys.press('t');
    expect(nobody.test.stdout()).toContain('tenon connect');
    const nothing = keysOf([sampleSync()], []);
    await nothing.keys.press('t');
    expect(nothing.test.stdout()).toContain('webhooks/<name>.json');
  });

  it('shows what each key does, opens the page and clears the screen', async () => {
    const { keys, calls, test } = keysOf();
    await keys.press('h');
    for (const key of 'rtopchq') expect(test.stdout()).toMatch(new RegExp(`^  ${key} \\w`, 'm'));
    await keys.press('o');
    expect(calls).toEqual(['open']);
    await keys.press('c');
    expect(test.stdout().endsWith('\u001B[2J\u001B[3J\u001B[H')).toBe(true);
  });

  it('shows what fails and goes on listening', async () => {
    const { keys, errors, calls } = keysOf([sampleSync({ connection: 'broken' })]);
    await keys.press('r');
    await keys.press('r');
    expect(errors).toHaveLength(2);
    expect(calls).toHaveLength(2);
  });
});
