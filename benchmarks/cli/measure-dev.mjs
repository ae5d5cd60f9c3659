import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeLatencies, printFigure } from '../harness/figures.mjs';
import { findFreePort } from '../harness/free-port.mjs';
import { memoryOfTree, startProcess, tenonBin, waitUntil } from '../harness/processes.mjs';
import { createProject } from '../harness/world.mjs';

/** `tenon dev`: its start, with and without a database that is there already, and what becomes of a save. */
export async function measureDev({ files, count, rounds, changeFile }) {
  const project = await createProject(files);
  try {
    await stop(await start(project, `${count} syncs, fresh database`));
    const dev = await start(project, `${count} syncs, warm`);
    await measureSaves(project, { dev, rounds, changeFile });
    const memory = await memoryOfTree(dev.child.pid);
    printFigure('tenon dev, memory of everything it runs', `${memory.pssMb} MB PSS`, '< 753 MB');
    await stop(dev);
  } finally {
    await project.remove();
  }
}

async function start(project, what) {
  const startedAt = performance.now();
  const dev = startProcess([process.execPath, tenonBin, 'dev', '--port', String(await findFreePort())], {
    cwd: project.root,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const shown = async (pattern) => {
    await waitUntil(
      `dev shows ${pattern}`,
      () => {
        if (dev.child.exitCode !== null) throw new Error(dev.output());
        return pattern.test(dev.output()) ? true : undefined;
      },
      60_000,
      5,
    );
    return `${(performance.now() - startedAt).toFixed(0)} ms`;
  };
  const readyMs = await shown(/^tenon dev {2}http/m);
  const liveMs = await shown(/live in|nothing changed/);
  printFigure(`tenon dev, start to ready and to live, ${what}`, `${readyMs}, ${liveMs}`);
  return dev;
}

async function stop(dev) {
  dev.child.kill('SIGINT');
  await once(dev.child, 'close');
}

/** Until the server answers with the new version, and until the save's line is there, which tells of its types. */
async function measureSaves(project, { dev, rounds, changeFile }) {
  const info = JSON.parse(await readFile(path.join(project.root, '.tenon/server.json'), 'utf8'));
  const apiKey = (await readFile(path.join(project.root, '.tenon/api-key'), 'utf8')).trim();
  const activeVersion = async () => {
    const response = await fetch(`${info.url}/v1/whoami`, { headers: { authorization: `Bearer ${apiKey}` } });
    return (await response.json()).activeVersion;
  };
  const file = path.join(project.root, 'integrations/sandbox/syncs/sync-0.ts');
  const lines = () => dev.output().match(/types ok/g)?.length ?? 0;
  const live = [];
  const typed = [];
  for (let round = 0; round < rounds * 4; round += 1) {
    const [version, shown] = [await activeVersion(), lines()];
    const savedAt = performance.now();
    await writeFile(file, changeFile(0).replace("'Sync 0'", `'Sync 0, round ${round}'`));
    await waitUntil('the save is live', async () => ((await activeVersion()) > version ? true : undefined), 30_000, 2);
    live.push(performance.now() - savedAt);
    await waitUntil('its types are told', () => (lines() > shown ? true : undefined), 30_000, 5);
    typed.push(performance.now() - savedAt);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
  printFigure('tenon dev, save -> live', describeLatencies(live), '< 200 ms');
  printFigure('tenon dev, save -> types', describeLatencies(typed), '< 500 ms');
}
