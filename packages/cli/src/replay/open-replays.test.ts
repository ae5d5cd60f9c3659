import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TenonError } from '@tenon/runtime/errors';
import { recordingSchema, type Recording } from '@tenon/runtime/recording';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { compileProject } from '../compile/compile-project.ts';
import { loadProject } from '../project/load-project.ts';
import { toDraft } from '../recordings/to-draft.ts';
import { createTestProject } from '../testing/create-test-project.ts';
import { recordedSyncText, sampleDryRun } from '../testing/sample-dry-run.ts';
import type { openReplays as OpenReplays } from './open-replays.ts';
import type { Replays } from './replays.ts';

let openReplays: typeof OpenReplays;

// As it is installed: Node 20 loads no TypeScript into a thread.
beforeAll(async () => {
  const outdir = fileURLToPath(new URL('../../dist/replay-test', import.meta.url));
  const here = fileURLToPath(new URL('.', import.meta.url));
  await build({
    entryPoints: [join(here, 'open-replays.ts'), join(here, 'replay-worker.ts')],
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const built = (await import(pathToFileURL(join(outdir, 'open-replays.js')).href)) as {
    openReplays: typeof OpenReplays;
  };
  openReplays = built.openReplays;
  return () => rm(outdir, { recursive: true });
});

const patienceMs = 1_500;
const { signal } = new AbortController();
const loopText = recordedSyncText.replace('async run(sync) {', 'async run(sync) {\n    for (;;) sync.models;');

async function open(issues: string, comments = recordedSyncText): Promise<Replays> {
  const { root } = await createTestProject({
    'integrations/demo/syncs/issues.ts': issues,
    'integrations/demo/syncs/comments.ts': comments.replaceAll('Issue', 'Comment'),
  });
  const project = await loadProject(root);
  return openReplays(project, await compileProject(project), { patienceMs });
}

/** Of one page, which is all that the function reads. */
function recordingOf(name: string): Recording {
  const { capture } = sampleDryRun();
  if (!capture) throw new Error('The sample has no capture.');
  return recordingSchema.parse({ ...toDraft({ ...capture, function: { integration: 'demo', name } }), outcome: {} });
}

test('a thread says what a replay comes to, as this one would', async () => {
  const replays = await open(recordedSyncText);
  const { outcome, log, requests } = await replays.replay(recordingOf('issues'), { signal });
  expect(outcome.records).toEqual(sampleDryRun().outcome.records);
  expect(log).toEqual([expect.objectContaining({ level: 'info', message: 'read a page' })]);
  expect(requests).toEqual([expect.objectContaining({ method: 'GET', status: 200 })]);
  const unasked = { ...recordingOf('issues'), exchanges: [] };
  const failure: unknown = await replays.replay(unasked, { signal }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(failure).toMatchObject({
    code: 'replay_unmatched',
    exitCode: new TenonError('replay_unmatched', '').exitCode,
    hint: expect.any(String),
    details: { method: 'GET', path: '/issues' },
  });
});

test('a script that loops without an await is ended and named, and the next replay has a thread', async () => {
  const replays = await open(loopText);
  await expect(replays.replay(recordingOf('issues'), { signal })).rejects.toMatchObject({
    code: 'script_unresponsive',
    message: expect.stringContaining('demo/issues'),
  });
  const { outcome } = await replays.replay(recordingOf('comments'), { signal });
  expect(outcome.records).toHaveProperty('Comment');
});

test('a script that exits is named, and the next replay has a thread', async () => {
  const replays = await open(recordedSyncText.replace('async run(sync) {', 'async run(sync) {\n    process.exit(0);'));
  await expect(replays.replay(recordingOf('issues'), { signal })).rejects.toMatchObject({
    code: 'script_exited',
    message: 'demo/issues called process.exit().',
  });
  await replays.replay(recordingOf('comments'), { signal });
});

test('a script that loops can be interrupted', async () => {
  const replays = await open(loopText);
  const interruption = new AbortController();
  const replaying = replays.replay(recordingOf('issues'), { signal: interruption.signal });
  setTimeout(() => interruption.abort(new TenonError('interrupted', 'Interrupted.')), 300);
  await expect(replaying).rejects.toMatchObject({ code: 'interrupted' });
});
