import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import { TenonError, type ErrorCode } from '@tenon/runtime/errors';
import { describe, expect, it } from 'vitest';
import { createTestProject } from '../testing/create-test-project.ts';
import { sampleSync } from '../testing/samples.ts';
import { createTestContext } from '../testing/test-context.ts';
import { codeFrame } from './code-frame.ts';
import { DevKeys } from './dev-keys.ts';
import { reactToError } from './error-reaction.ts';
import { readKeys, type KeySource } from './read-keys.ts';
import { showProblem } from './show-problem.ts';
import { needsReload, watchProject } from './watch-project.ts';

const colors = new Chalk({ level: 0 });

describe('codeFrame', () => {
  it('shows the lines around a place and points at it', async () => {
    const { root } = await createTestProject({ 'a.ts': 'one\ntwo\nthree\nfour\nfive\nsix\n' });
    expect(codeFrame({ file: 'a.ts', line: 3, column: 2 }, { root, colors })).toEqual([
      '  1 | one',
      '  2 | two',
      '> 3 | three',
      '    |  ^',
      '  4 | four',
      '  5 | five',
    ]);
  });

  it('shows nothing for a file that is gone', () => {
    expect(codeFrame({ file: 'a.ts', line: 1 }, { root: '/no/such/folder', colors })).toEqual([]);
  });
});

describe('showProblem', () => {
  it('shows file, line and code of what is wrong, and not a stack', async () => {
    const { root } = await createTestProject({ 'a.ts': 'const x = ;\n' });
    const problems = [
      { code: 'bundle_failed', message: 'Unexpected ";"', file: 'a.ts', line: 1, column: 11, hint: 'Fix it.' },
    ];
    const test = createTestContext();
    showProblem(
      test.output,
      new TenonError('bundle_failed', 'a.ts:1  Unexpected ";"', { details: { problems } }),
      root,
    );
    expect(test.stdout()).toBe(
      '✗ a.ts:1:11  Unexpected ";"\n  > 1 | const x = ;\n      |           ^\n    2 | \n  hint Fix it.\n',
    );
  });
});

describe('reactToError', () => {
  it.each<[ErrorCode, string]>([
    ['bundle_failed', 'wait'],
    ['config_invalid', 'wait'],
    ['server_unreachable', 'retry'],
    ['unauthorized', 'stop'],
  ])('says what to do about %s: %s', (code, reaction) => expect(reactToError(new TenonError(code, ''))).toBe(reaction));

  it('ends on what nobody foresaw', () => expect(reactToError(new TypeError('x'))).toBe('stop'));
});

describe('readKeys', () => {
  class Keyboard implements KeySource {
    readonly isTTY = true;
    readonly said: string[] = [];
    listener: ((bytes: string) => void) | undefined;
    setRawMode(raw: boolean) {
      this.said.push(`raw ${raw}`);
    }
    resume() {
      this.said.push('resume');
    }
    pause() {
      this.said.push('pause');
    }
    on(_event: 'data', listener: (bytes: string) => void) {
      this.listener = listener;
    }
    off() {
      this.listener = undefined;
    }
  }

  it('hands on keys, reads Ctrl+C as q, and gives the terminal back', () => {
    const keyboard = new Keyboard();
    const keys: string[] = [];
    const restore = readKeys(keyboard, (key) => keys.push(key));
    keyboard.listener?.('Rp');
    keyboard.listener?.('\u0003');
    expect(keys).toEqual(['r', 'p', 'q']);
    restore();
    expect(keyboard.listener).toBeUndefined();
    expect(keyboard.said).toEqual(['raw true', 'resume', 'raw false', 'pause']);
  });
});

describe('DevKeys', () => {
  function keysOf(syncs = [sampleSync(), sampleSync({ connection: 'user2' })]) {
    const calls: string[] = [];
    const note = (verb: string) => async (ref: { connection: string }) => {
      calls.push(`${verb} ${ref.connection}`);
    };
    const test = createTestContext();
    const errors: unknown[] = [];
    const keys = new DevKeys({
      server: {
        listSyncs: async () => ({ items: syncs, nextCursor: null }),
        triggerSync: async (ref) => {
          calls.push(`trigger ${ref.connection}`);
          if (ref.connection === 'retired') throw new TenonError('not_found', 'There is no such sync.');
          if (ref.connection === 'broken') throw new TenonError('unavailable', 'Not now.');
          return { run: {} as never, alreadyRunning: false };
        },
        pauseSync: note('pause'),
        resumeSync: note('resume'),
      },
      output: test.output,
      signal: test.signal,
      onError: (error) => errors.push(error),
    });
    return { keys, calls, test, errors };
  }

  it('runs the others when the script of one was deleted', async () => {
    const { keys, test, errors } = keysOf([sampleSync({ connection: 'retired' }), sampleSync()]);
    await keys.press('r');
    expect(errors).toEqual([]);
    expect(test.stdout()).toBe('Running 1 sync\n');
  });

  it('runs every sync, and pauses and resumes their schedules', async () => {
    const { keys, calls, test } = keysOf();
    await keys.press('r');
    await keys.press('p');
    await keys.press('p');
    await keys.press('x');
    expect(calls).toEqual(['trigger', 'pause', 'resume'].flatMap((verb) => [`${verb} user1`, `${verb} user2`]));
    expect(test.stdout()).toBe('Running 2 syncs\nSchedules are paused; p resumes them.\nSchedules run again.\n');
  });

  it('shows what fails and goes on listening', async () => {
    const { keys, errors, calls } = keysOf([sampleSync({ connection: 'broken' })]);
    await keys.press('r');
    await keys.press('r');
    expect(errors).toHaveLength(2);
    expect(calls).toHaveLength(2);
  });
});

/** The file system's events take a while on a busy machine. */
const patience = { timeout: 10_000 };

describe('watchProject', () => {
  it('sees a save, a new file and a removed one of a source, and nothing else', async () => {
    const { root, write } = await createTestProject({ 'integrations/demo/syncs/a.ts': '1', 'src/app.ts': '1' });
    // One write may be seen as two changes, so kinds and paths are compared, not their number.
    const seen = new Set<string>();
    const watch = await watchProject(root, (changes) => {
      for (const { kind, path } of changes) seen.add(`${kind} ${path}`);
    });
    try {
      await write({
        'src/app.ts': '2',
        'integrations/demo/syncs/.a.ts.swp': '2',
        'integrations/demo/syncs/sedXy12': '2',
        'integrations/demo/syncs/a.ts': '2',
      });
      await expect.poll(() => [...seen], patience).toEqual(['changed integrations/demo/syncs/a.ts']);
      await write({ 'integrations/demo/syncs/b.ts': '1' });
      await expect.poll(() => [...seen], patience).toContain('added integrations/demo/syncs/b.ts');
      await rm(join(root, 'integrations/demo/syncs/b.ts'));
      await expect.poll(() => [...seen], patience).toContain('removed integrations/demo/syncs/b.ts');
    } finally {
      await watch.close();
    }
    expect([...seen].filter((change) => !/syncs\/[ab]\.ts$/.test(change))).toEqual([]);
  });

  it('sees saves of files elsewhere that scripts import, once it is told of them', async () => {
    const { root, write } = await createTestProject({ 'integrations/demo/syncs/a.ts': '1', 'src/titles.ts': '1' });
    const seen = new Set<string>();
    const watch = await watchProject(root, (changes) => {
      for (const { kind, path } of changes) seen.add(`${kind} ${path}`);
    });
    try {
      watch.follow(new Set(['integrations/demo/syncs/a.ts', 'src/titles.ts']));
      let content = 2;
      // Telling it takes effect a moment later, so the file is saved until one save is seen.
      await expect
        .poll(async () => {
          await write({ 'src/titles.ts': String((content += 1)) });
          return [...seen];
        }, patience)
        .toEqual(['changed src/titles.ts']);
    } finally {
      await watch.close();
    }
  });

  it('knows which changes need the whole project', () => {
    expect(needsReload({ kind: 'changed', path: 'src/titles.ts' })).toBe(false);
    expect(needsReload({ kind: 'changed', path: 'integrations/demo/models.ts' })).toBe(false);
    expect(needsReload({ kind: 'added', path: 'integrations/demo/syncs/b.ts' })).toBe(true);
    expect(needsReload({ kind: 'changed', path: 'tenon.config.ts' })).toBe(true);
  });
});
