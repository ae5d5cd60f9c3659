import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CliResult } from '../harness/run-cli.ts';
import { connectArguments, startTerminalWorld, type TerminalWorld } from './terminal-world.ts';

// What users read, as files that reviewers read. `pnpm vitest run tests/terminal/transcripts -u` writes them anew.

let world: TerminalWorld;
const sync = 'integrations/sandbox/syncs/issues.ts';

beforeAll(async () => {
  world = await startTerminalWorld();
}, 120_000);
afterAll(() => world.stop());

it('prints what its transcripts say', { timeout: 600_000 }, async () => {
  await expectTranscript('init', [['init . --yes --skip-install --template sandbox', world.initialised]]);

  const good = await readFile(path.join(world.root, sync), 'utf8');
  await world.write(sync, good.replace('export default', "export const count: number = 'three';\n\nexport default"));
  await expectTranscript('check-with-errors', [await tell('check')]);
  await world.write(sync, good);

  await expectTranscript('plan', [await tell('plan')]);
  await expectTranscript('deploy', [await tell('deploy', '--yes'), await tell('deploy', '--yes')]);

  await world.write(sync, good.replace(/description: '[^']*'/, "description: 'Changed'"));
  await world.tenon('deploy', '--yes');
  await expectTranscript('rollback', [await tell('versions'), await tell('rollback', '--yes')]);

  await world.tenon(...connectArguments(world));
  // The run that connecting starts has to be over, or this one would join it.
  await world.tenon('run', 'sandbox/issues', '--connection', 'acme');
  await expectTranscript('run', [await tell('run', 'sandbox/issues', '--connection', 'acme')]);
  await expectTranscript('records', [
    await tell('records', 'list', 'sandbox/Issue', '--connection', 'acme', '--limit', '3'),
  ]);
  const listed = await world.tenon('runs', 'list', '--json');
  const { items } = JSON.parse(listed.stdout) as { items: { id: string; trigger: string }[] };
  const own = items.find(({ trigger }) => trigger === 'api');
  await expectTranscript('runs-show', [await tell('runs', 'show', own?.id ?? '')]);
  await expectTranscript('doctor', [await tell('doctor')]);
  await expectTranscript('errors', [
    await tell('deply'),
    await tell('run', 'sandbox/nothing', '--connection', 'acme'),
    await tell('whoami', '--url', 'http://127.0.0.1:1', '--api-key', 'none'),
    await tell('deploy', '--url', world.server.url, '--api-key', 'wrong', '--yes'),
  ]);
});

type Told = readonly [command: string, result: CliResult];

async function tell(...call: string[]): Promise<Told> {
  return [call.join(' '), await world.tenon(...call)];
}

async function expectTranscript(name: string, told: readonly Told[]): Promise<void> {
  const text = told.map(([command, { stdout, stderr, exitCode }]) => {
    const answer = [stdout, stderr].filter(Boolean).join('').trimEnd();
    return `$ tenon ${command}\n${answer}\n[exit ${exitCode}]\n`;
  });
  await expect(normalise(text.join('\n'))).toMatchFileSnapshot(`transcripts/${name}.txt`);
}

/** Takes out what no two runs have in common: times, ids, ports, paths, sizes and versions of tools. */
function normalise(text: string): string {
  return (
    text
      .replaceAll(world.root, '<project>')
      .replaceAll(path.dirname(world.root), '<folder>')
      .replaceAll(hostname(), '<host>')
      .replaceAll(/127\.0\.0\.1:(?!1\b)\d+/g, '127.0.0.1:<port>')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
      .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?/g, '<time>')
      .replaceAll(/\b\d+(?:\.\d+)? ?(?:ms|s|min|m|h)\b(?: ago| from now)?/g, '<duration>')
      .replaceAll(/\b\d+(?:\.\d+)? ?(?:kB|MB|GB|bytes)\b/g, '<size>')
      .replaceAll(/\bprocess \d+/g, 'process <pid>')
      .replaceAll(/tnn_\w+/g, '<key>')
      .replaceAll(/\b\d+\.\d+\.\d+(?:-[\w.]+)?(?: |$)/gm, '<version> ')
      // Columns are as wide as what was in them.
      .replaceAll(/ {3,}/g, '   ')
      .replaceAll(/ +$/gm, '')
  );
}
