import { readFile } from 'node:fs/promises';
import { Chalk } from 'chalk';
import { TenonError, type ErrorCode } from '@tenon/runtime/errors';
import { describe, expect, it } from 'vitest';
import { createTestProject } from '../testing/create-test-project.ts';
import { createTestContext } from '../testing/test-context.ts';
import { codeFrame } from './code-frame.ts';
import { reactToError } from './error-reaction.ts';
import { readKeys, type KeySource } from './read-keys.ts';
import { showProblem } from './show-problem.ts';

const colors = new Chalk({ level: 0 });

describe('codeFrame', () => {
  it('shows the lines around a place and points at it', async () => {
    const { root } = await createTestProject({ 'a.ts': 'one\ntwo\nthree\nfour\nfive\nsix\n' });
    expect(await codeFrame({ file: 'a.ts', line: 3, column: 2 }, { root, colors })).toEqual([
      '  1 | one',
      '  2 | two',
      '> 3 | three',
      '    |  ^',
      '  4 | four',
      '  5 | five',
    ]);
  });

  it('cuts lines that are wider than the terminal', async () => {
    const { root } = await createTestProject({ 'a.ts': `const x = '${'y'.repeat(500)}';\n` });
    const [line = ''] = await codeFrame({ file: 'a.ts', line: 1, column: 400 }, { root, colors, width: 60 });
    expect(line).toHaveLength(60);
    expect(line.endsWith('…')).toBe(true);
  });

  it('covers secrets, as tenon check does, also where the script cannot be compiled', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const text = `const apiKey = 'q8Zr3kLw9TnX2vBs';\nconst github = \`${token}\`;\nconst page = 'page-1';\nconst x = ;\n`;
    const { root } = await createTestProject({ 'a.ts': text });
    const frame = (await codeFrame({ file: 'a.ts', line: 2, column: 7 }, { root, colors })).join('\n');
    expect(frame).toContain(`const apiKey = '${'*'.repeat(16)}';`);
    expect(frame).toContain(`const github = \`${'*'.repeat(token.length)}\`;`);
    expect(frame).toContain("const page = 'page-1';");
  });

  it('shows nothing for a file that is gone', async () => {
    expect(await codeFrame({ file: 'a.ts', line: 1 }, { root: '/no/such/folder', colors })).toEqual([]);
  });
});

describe('showProblem', () => {
  it('shows file, line and code of what is wrong, and not a stack', async () => {
    const { root } = await createTestProject({ 'a.ts': 'const x = ;\n' });
    const problems = [
      { code: 'bundle_failed', message: 'Unexpected ";"', file: 'a.ts', line: 1, column: 11, hint: 'Fix it.' },
    ];
    const test = createTestContext();
    await showProblem(
      test.output,
      new TenonError('bundle_failed', 'a.ts:1  Unexpected ";"', { details: { problems } }),
      {
        root,
        note: 'version 3 runs on',
      },
    );
    expect(test.stdout()).toBe(
      '✗ a.ts:1:11  Unexpected ";"\n  > 1 | const x = ;\n      |           ^\n    2 | \n  hint Fix it.\n  version 3 runs on\n',
    );
  });
});

describe('showProblem on a small screen', () => {
  it('shows as many as fit, and counts the rest', async () => {
    const { root } = await createTestProject({ 'a.ts': 'const x = ;\n'.repeat(40) });
    const problems = Array.from({ length: 30 }, (_, index) => ({
      code: 'types_failed',
      message: ['Type is wrong.', ...Array.from({ length: 20 }, (__, deep) => `  because ${deep}`)].join('\n'),
      file: 'a.ts',
      line: index + 3,
      column: 1,
    }));
    const test = createTestContext();
    await showProblem(test.output, new TenonError('types_failed', '30 type errors', { details: { problems } }), {
      root,
    });
    const lines = test.stdout().trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.at(-1)).toBe('  and 28 more: tenon check shows all');
  });
});

describe('reactToError', () => {
  it.each<[ErrorCode, string]>([
    ['bundle_failed', 'wait'],
    ['config_invalid', 'wait'],
    ['server_unreachable', 'retry'],
    ['unauthorized', 'stop'],
  ])('says what to do about %s: %s', (code, reaction) => expect(reactToError(new TenonError(code, ''))).toBe(reaction));

  it('waits when a file went while it was read', async () => {
    const error: unknown = await readFile('/no/such/file').catch((caught: unknown) => caught);
    expect(reactToError(error)).toBe('wait');
  });

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
    const restore = readKeys(keyboard, { onKey: (key) => keys.push(key) });
    keyboard.listener?.('R\u001B[Ap');
    keyboard.listener?.('\u0003');
    expect(keys).toEqual(['r', 'p', 'q']);
    restore();
    expect(keyboard.listener).toBeUndefined();
    expect(keyboard.said).toEqual(['raw true', 'resume', 'raw false', 'pause']);
  });

  it('gives the terminal back while the process is suspended, and takes it again afterwards', async () => {
    const keyboard = new Keyboard();
    let goOn = () => {};
    const stopped = new Promise<void>((resolve) => (goOn = resolve));
    const restore = readKeys(keyboard, { onKey: () => {}, suspend: () => stopped });
    keyboard.listener?.('\u001A');
    expect(keyboard.said).toEqual(['raw true', 'resume', 'raw false', 'pause']);
    goOn();
    await stopped;
    expect(keyboard.said.slice(4)).toEqual(['raw true', 'resume']);
    restore();
  });
});
