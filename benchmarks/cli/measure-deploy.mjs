import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { median, printFigure } from '../harness/figures.mjs';
import { execute, tenonBin } from '../harness/processes.mjs';
import { createProject, startServer } from '../harness/world.mjs';

/** `tenon deploy` to a local server: first, when nothing changed (nothing is uploaded), and when one or all changed. */
export async function measureDeploy({ files, count, rounds, changeFile }) {
  const project = await createProject(files);
  const server = await startServer(project);
  const deploy = async () => {
    const startedAt = performance.now();
    const told = await execute([process.execPath, tenonBin, 'deploy', '--yes', '--json'], {
      cwd: project.root,
      env: { ...process.env, TENON_URL: server.url, TENON_API_KEY: server.apiKey },
    });
    return { ms: performance.now() - startedAt, uploaded: JSON.parse(told).plan.missingBundles.length };
  };
  const measure = async (name, { change, uploads }) => {
    const times = [];
    for (let round = 0; round < rounds; round += 1) {
      await change(round);
      const { ms, uploaded } = await deploy();
      if (uploaded !== uploads) throw new Error(`${name}: ${uploaded} bundles were uploaded instead of ${uploads}.`);
      times.push(ms);
    }
    printFigure(`tenon deploy, ${count} syncs, ${name}`, `${median(times).toFixed(0)} ms (${uploads} uploaded)`);
  };
  const touch = (n, round) =>
    writeFile(
      path.join(project.root, `integrations/sandbox/syncs/sync-${n}.ts`),
      changeFile(n).replace('async run(sync) {', `async run(sync) {\n    sync.log.debug('round ${round}');`),
    );
  try {
    const first = await deploy();
    printFigure(`tenon deploy, ${count} syncs, the first`, `${first.ms.toFixed(0)} ms (${first.uploaded} uploaded)`);
    await measure('unchanged', { change: async () => {}, uploads: 0 });
    await measure('one changed', { change: (round) => touch(0, `one ${round}`), uploads: 1 });
    await measure('all changed', {
      change: (round) => Promise.all(Array.from({ length: count }, (_, n) => touch(n, `all ${round}`))),
      uploads: count,
    });
  } finally {
    await server.stop();
    await project.remove();
  }
}
