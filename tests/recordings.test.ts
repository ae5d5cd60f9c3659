import { spawn } from 'node:child_process';
import { readFile, rm, symlink } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProjectFolder, type TestProject } from './harness/create-project.ts';
import { runCli } from './harness/run-cli.ts';

const repository = path.resolve(import.meta.dirname, '..');
const recordingFile = 'tests/tracker/labels/first.recording.json';

const provider = `name: tracker
displayName: Tracker
docs: https://example.com/
sources: [https://example.com/]
auth: { mode: api_key, fields: { apiKey: { title: API key, secret: true } } }
headers: { x-api-key: '\${credential.apiKey}' }
baseUrl: https://tracker.example
`;

/** A project of what docs/testing.md shows. */
async function createDocumentedProject(): Promise<TestProject> {
  const page = await readFile(path.join(repository, 'docs/testing.md'), 'utf8');
  const samples = [...page.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
  const recording = /^```json\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '';
  const project = await createProjectFolder();
  onTestFinished(() => project.remove());
  await project.write('package.json', '{ "name": "project", "private": true, "type": "module" }');
  await project.write(
    'tenon.config.ts',
    `import { defineConfig } from '@tenon/runtime';\nexport default defineConfig({ integrations: { tracker: {} } });\n`,
  );
  await project.write('providers/tracker.yaml', provider);
  await project.write(recordingFile, recording);
  for (const [, file = '', sample = ''] of samples) await project.write(file, sample);
  expect(samples).toHaveLength(2);
  return project;
}

async function runVitest(root: string): Promise<{ exitCode: number | null; output: string }> {
  const link = path.join(root, 'node_modules/vitest');
  await rm(link, { force: true });
  await symlink(path.join(repository, 'node_modules/vitest'), link, 'dir');
  const bin = path.join(repository, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [bin, 'run', '--root', root], {
    cwd: root,
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await ended, output: stdout + stderr };
}

const labels = 'integrations/tracker/syncs/labels.ts';

describe('the recordings of a project', () => {
  it("are replayed by `tenon test` and by the project's own vitest, as the documentation shows", async () => {
    const project = await createDocumentedProject();
    const [tested, own] = await Promise.all([
      runCli(['test', '--resume-everywhere'], { cwd: project.root }),
      runVitest(project.root),
    ]);
    expect(tested.stdout).toContain('✓ tracker/labels  first');
    expect(tested.exitCode).toBe(0);
    expect(own.output).toContain('1 passed');
    expect(own.exitCode).toBe(0);
  });

  it('fail in both when a deletion gets lost', async () => {
    const project = await createDocumentedProject();
    const script = await readFile(path.join(project.root, labels), 'utf8');
    await project.write(labels, script.replace("deletes: 'absence'", "deletes: 'none'"));
    const [tested, own] = await Promise.all([
      runCli(['test', '--json'], { cwd: project.root }),
      runVitest(project.root),
    ]);
    expect(tested.exitCode).toBe(11);
    expect(JSON.parse(tested.stdout)).toMatchObject({
      error: {
        code: 'test_failed',
        details: { tests: [{ differences: expect.arrayContaining([expect.objectContaining({ path: 'deleted' })]) }] },
      },
    });
    expect(own.output).toContain('1 failed');
    expect(own.exitCode).toBe(1);
  });
});
