// The command line: bare start, `check` and `generate` of 50 and 500 syncs, `dev`, `deploy` and the installation.
import { median, printFigure } from '../harness/figures.mjs';
import { execute, tenonBin } from '../harness/processes.mjs';
import { createProject } from '../harness/world.mjs';
import { measureDeploy } from './measure-deploy.mjs';
import { measureDev } from './measure-dev.mjs';
import { measureInstall } from './measure-install.mjs';

const syncText = (n) => `import { defineSync, z } from '@tenon/runtime';
const Model${n} = z.object({ id: z.string(), title: z.string(), labels: z.array(z.string()), updatedAt: z.string() });
export default defineSync({
  description: 'Sync ${n}',
  models: { Model${n} },
  schedule: 'every 1h',
  async run(sync) {
    for await (const page of sync.paginate<{ id: number; title: string; labels: string[]; updatedAt: string }>('/issues')) {
      await sync.save('Model${n}', page.map((item) => ({ id: String(item.id), title: item.title, labels: item.labels, updatedAt: item.updatedAt })));
    }
  },
});
`;

async function time(command, cwd, rounds) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    await execute(command, { cwd, env: process.env });
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

const syncFiles = (total) =>
  Object.fromEntries(Array.from({ length: total }, (_, n) => [`integrations/sandbox/syncs/sync-${n}.ts`, syncText(n)]));

const counts = (process.env.BENCH_SCRIPTS ?? '50,500').split(',').map(Number);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const [count = 50] = counts;

const node = await time([process.execPath, '-e', '0'], '.', rounds * 2);
printFigure('node -e 0, for comparison', `${node.toFixed(0)} ms`);
for (const [flag, cliArguments] of [
  ['--version', ['--version']],
  ['--help', ['--help']],
  ['deploy --help', ['deploy', '--help']],
]) {
  const ms = await time([process.execPath, tenonBin, ...cliArguments], '.', rounds * 2);
  printFigure(`tenon ${flag}`, `${ms.toFixed(0)} ms`, '<= 150 ms');
}

for (const total of counts) await measureProject(total);

/** `check`, its parts, and `generate`, of a project with so many syncs. */
async function measureProject(total) {
  const measured = await createProject(syncFiles(total));
  try {
    const aim = total <= 50 ? '<= 1,500 ms' : undefined;
    const check = await time([process.execPath, tenonBin, 'check'], measured.root, rounds);
    printFigure(`tenon check, ${total} syncs`, `${check.toFixed(0)} ms`, aim);
    const told = JSON.parse(await execute([process.execPath, tenonBin, 'check', '--json'], { cwd: measured.root }));
    printFigure(`bundle, of that, ${total} syncs`, `${told.timings.bundleMs.toFixed(0)} ms`);
    const generate = await time([process.execPath, tenonBin, 'generate'], measured.root, Math.ceil(rounds / 2));
    printFigure(`tenon generate, ${total} syncs`, `${generate.toFixed(0)} ms`);
  } finally {
    await measured.remove();
  }
}

await measureDev({ files: syncFiles(count), count, rounds, changeFile: syncText });
await measureDeploy({ files: syncFiles(count), count, rounds, changeFile: syncText });
if (process.env.BENCH_INSTALL !== 'no') await measureInstall();
