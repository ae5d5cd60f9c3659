import { TenonError } from '@tenon/runtime/errors';
import { expect, test } from 'vitest';
import { createOutput, type OutputOptions } from './create-output.ts';
import { formatCodeFrame } from './format-code-frame.ts';
import { formatTable } from './format-table.ts';

function createRecorder(options: Partial<OutputOptions> & { isTerminal?: boolean } = {}) {
  const printed = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => (printed[name] += text),
    isTTY: options.isTerminal ?? false,
  });
  const output = createOutput({
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    isJson: false,
    isVerbose: false,
    allowColor: false,
    ...options,
  });
  return { output, printed };
}

test('people get lines and tables, and no JSON', () => {
  const { output, printed } = createRecorder();
  output.line('hello');
  output.table(
    [{ name: 'a', count: 1 }],
    [
      { title: 'name', value: (row) => row.name },
      { title: 'count', value: (row) => row.count, align: 'right' },
    ],
  );
  output.result({ hidden: true });
  output.note('aside');
  expect(printed).toEqual({ stdout: 'hello\nname  count\na         1\n', stderr: 'aside\n' });
});

test('programs get one JSON document, and nothing else on either stream', () => {
  const { output, printed } = createRecorder({ isJson: true, isTerminal: true });
  output.line('hidden');
  output.note('hidden');
  output.table([{}], [{ title: 'hidden', value: () => 1 }]);
  output.progress('hidden').stop();
  output.result({ shown: true });
  expect(JSON.parse(printed.stdout)).toEqual({ shown: true });
  expect(printed.stderr).toBe('');
});

test('an error has its message, hint, code and docs, and no stack', () => {
  const { output, printed } = createRecorder();
  output.error(new TenonError('file_exists', 'It is there.', { hint: 'Remove it.' }));
  expect(printed.stderr).toBe(
    'error It is there.\nhint  Remove it.\ncode  file_exists  (docs/errors.md#file_exists)\n',
  );
  expect(printed.stdout).toBe('');
});

test('with JSON an error goes to stdout under the key error', () => {
  const { output, printed } = createRecorder({ isJson: true });
  output.error(new TenonError('file_exists', 'It is there.', { details: { files: ['a'] } }));
  expect(JSON.parse(printed.stdout)).toEqual({
    error: {
      code: 'file_exists',
      message: 'It is there.',
      docs: 'docs/errors.md#file_exists',
      details: { files: ['a'] },
    },
  });
});

test('an unknown error is unexpected, and shows its stack and its causes only when asked to', () => {
  const failure = new Error('outer', { cause: new Error('inner') });
  const quiet = createRecorder();
  quiet.output.error(failure);
  expect(quiet.printed.stderr).toContain('code  unexpected');
  expect(quiet.printed.stderr).not.toContain('output.test.ts');
  const verbose = createRecorder({ isVerbose: true });
  verbose.output.error(failure);
  expect(verbose.printed.stderr).toMatch(/output\.test\.ts[\s\S]*caused by Error: inner/);
});

test('a spinner is drawn on a terminal, cleared when it stops, and not drawn elsewhere', () => {
  const terminal = createRecorder({ isTerminal: true });
  const progress = terminal.output.progress('installing');
  progress.stop();
  progress.stop();
  expect(terminal.printed.stderr).toBe('\r\u001B[2K⠋ installing\r\u001B[2K');
  const pipe = createRecorder();
  pipe.output.progress('installing').stop();
  expect(pipe.printed.stderr).toBe('');
});

test('colours in cells do not count as width', () => {
  const rows = [{ cell: '\u001B[31mred\u001B[39m' }, { cell: 'longer' }];
  expect(
    formatTable(rows, [
      { title: 'a', value: (row) => row.cell },
      { title: 'b', value: () => 'x' },
    ]),
  ).toEqual(['a       b', '\u001B[31mred\u001B[39m     x', 'longer  x']);
});

test('a code frame marks the column below its line', () => {
  const { output } = createRecorder();
  const frame = formatCodeFrame('one\n\ttwo\nthree\nfour', { line: 2, column: 2, colors: output.colors });
  expect(frame).toEqual(['  1 | one', '> 2 |  two', '    |  ^', '  3 | three']);
  expect(formatCodeFrame('one', { line: 9, colors: output.colors })).toEqual([]);
});

test('what others called their things moves no cursor and makes up no row', () => {
  const { output, printed } = createRecorder();
  const name = 'key 1\nkey 2 (admin)\u001B[2K\rkey 3';
  output.table([{ name }], [{ title: 'WHO', value: (row) => row.name }]);
  output.line(`\u001B]0;title\u0007${name}`);
  output.note('\u001B[1A');
  output.error(new TenonError('provider_error', 'It says "\u001B[2J".'));
  expect(printed.stdout).toBe('WHO\nkey 1 key 2 (admin)key 3\nkey 1\nkey 2 (admin)key 3\n');
  expect(printed.stderr).toContain('It says "".');
  expect(printed.stderr).not.toContain('\u001B');
});

test('a spinner within a spinner takes its line, and gives it back', () => {
  const clear = '\r\u001B[2K';
  const { output, printed } = createRecorder({ isTerminal: true });
  const outer = output.progress('installing');
  const inner = output.progress('waiting');
  const began = printed.stderr;
  expect(began.split(clear).length, 'one line is drawn, not two').toBe(2);
  inner.stop();
  inner.stop();
  expect(printed.stderr, 'the outer one goes on').toBe(began);
  outer.update('still installing');
  outer.stop();
  expect(printed.stderr).toBe(began + clear);
});

test('a table that is wider than the terminal loses nothing', () => {
  const columns = [
    { title: 'ID', value: (row: { id: string }) => row.id },
    { title: 'REASON', value: (row: { reason: string }) => row.reason },
  ];
  const rows = [
    { id: '0198', reason: 'code, schedule 1h -> 15m, model Issue: +labels' },
    { id: '0199', reason: '' },
  ];
  expect(formatTable(rows, columns, 40)).toEqual([
    'ID    REASON',
    '0198  code, schedule 1h -> 15m, model',
    '      Issue: +labels',
    '0199',
  ]);
  expect(formatTable(rows, columns, 20)).toEqual([
    '',
    'ID      0198',
    'REASON  code, schedule 1h -> 15m, model Issue: +labels',
    '',
    'ID      0199',
  ]);
  expect(formatTable(rows, columns)[1]).toBe('0198  code, schedule 1h -> 15m, model Issue: +labels');
});
