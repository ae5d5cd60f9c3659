import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProject } from '../project/load-project.ts';
import { createTestProject, syncText } from '../testing/create-test-project.ts';
import { checkTypes } from './check-types.ts';
import { parseDiagnostics } from './parse-diagnostics.ts';
import { runTypeChecker } from './run-type-checker.ts';

const sync = 'integrations/demo/syncs/issues.ts';

test('type errors come with their file, line and code, the second time too', async () => {
  const text = syncText().replace("save('Issue', [])", "save('Issue', [{ id: 1, updatedAt: '' }])");
  const { root } = await createTestProject({ [sync]: text });
  const project = await loadProject(root);
  const first = await checkTypes(project);
  expect(first.diagnostics).toMatchObject([{ file: sync, line: 9, code: 'TS2322' }]);
  expect((await checkTypes(project)).diagnostics).toEqual(first.diagnostics);
});

test('a project without type errors has no diagnostics', async () => {
  const { root } = await createTestProject({ [sync]: syncText() });
  expect((await checkTypes(await loadProject(root))).diagnostics).toEqual([]);
});

test('a missing tsconfig.json is said', async () => {
  const { root } = await createTestProject({ [sync]: syncText() });
  await rm(join(root, 'tsconfig.json'));
  await expect(checkTypes(await loadProject(root))).rejects.toMatchObject({
    code: 'types_failed',
    message: expect.stringContaining('There is no tsconfig.json'),
  });
});

test('a tsconfig.json that leaves scripts out is said, because their errors would pass unseen', async () => {
  const { root } = await createTestProject({ [sync]: syncText(), 'tsconfig.json': '{ "files": ["tenon.config.ts"] }' });
  await expect(checkTypes(await loadProject(root))).rejects.toMatchObject({
    code: 'types_failed',
    message: `tsconfig.json leaves out ${sync}.`,
  });
});

test('an abort kills the compiler and ends with the reason', async () => {
  const controller = new AbortController();
  const reason = new Error('stopped');
  const running = runTypeChecker(process.execPath, {
    cwd: '/',
    arguments: ['-e', 'setInterval(() => {}, 1000)'],
    signal: controller.signal,
  });
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
});

test('a compiler that crashes or does not exist is no clean check', async () => {
  const crash = { cwd: '/', arguments: ['-e', 'console.log("out of memory"); process.exit(134)'] };
  await expect(runTypeChecker(process.execPath, crash)).rejects.toMatchObject({
    code: 'types_failed',
    message: expect.stringContaining('ended with 134: out of memory'),
  });
  await expect(runTypeChecker('/nowhere/tsc', { cwd: '/', arguments: [] })).rejects.toMatchObject({
    code: 'types_failed',
  });
});

test('diagnostics of several lines, of no file and between file names are read', () => {
  const text = [
    'error TS5023: Unknown compiler option.',
    'src/a (b).ts(1,40): error TS2322: Type A.',
    '  Because of B.',
    '    And C.',
    '/project/src/a.ts',
    '',
  ].join('\r\n');
  expect(parseDiagnostics(text)).toEqual({
    diagnostics: [
      { code: 'TS5023', message: 'Unknown compiler option.' },
      { file: 'src/a (b).ts', line: 1, column: 40, code: 'TS2322', message: 'Type A.\n  Because of B.\n    And C.' },
    ],
    rest: ['/project/src/a.ts'],
  });
});
