import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestProject } from '../../testing/create-test-project.ts';
import { runBuiltCli } from '../../testing/run-built-cli.ts';

interface Check {
  name: string;
  status: string;
  found: string;
  fix?: string;
}

test('a machine and a project in order pass, and a server that is not there is only a warning', async () => {
  const { root } = await createTestProject();
  const run = await runBuiltCli(['doctor', '--json'], { cwd: root });
  expect(run.exitCode, run.stdout).toBe(0);
  const { ok, checks } = JSON.parse(run.stdout) as { ok: boolean; checks: Check[] };
  expect(ok).toBe(true);
  const byName = Object.fromEntries(checks.map((check) => [check.name, check]));
  expect(byName['Node.js']).toMatchObject({ status: 'ok', found: process.versions.node });
  expect(byName['type checker']).toMatchObject({ status: 'ok', found: expect.stringMatching(/^TypeScript 7\./) });
  expect(byName['project']).toMatchObject({ status: 'ok' });
  expect(byName['server']).toMatchObject({ status: 'warning', fix: expect.any(String) });
});

test('what is wrong fails, each with its fix', async () => {
  const { root } = await createTestProject();
  await rm(join(root, 'node_modules'), { recursive: true });
  await rm(join(root, 'providers'), { recursive: true });
  const env = { TENON_URL: 'http://127.0.0.1:1', TENON_API_KEY: 'none' };
  const run = await runBuiltCli(['doctor', '--json'], { cwd: root, env });
  expect(run.exitCode).toBe(11);
  const { error } = JSON.parse(run.stdout) as { error: { code: string; details: { checks: Check[] } } };
  expect(error.code).toBe('doctor_failed');
  const failed = error.details.checks.filter((check) => check.status === 'failed');
  expect(failed.map((check) => check.name)).toEqual(expect.arrayContaining(['project', '@tenon/runtime', 'server']));
  for (const check of failed) expect(check.fix, check.name).toEqual(expect.any(String));
});
