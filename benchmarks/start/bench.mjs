// The server's start, fresh (initdb and migrations) and warm, until /v1/ready answers; then its memory at rest.
import { median, printFigure } from '../harness/figures.mjs';
import { memoryOfTree } from '../harness/processes.mjs';
import { createProject, startServer } from '../harness/world.mjs';
import { setTimeout as delay } from 'node:timers/promises';

const fresh = [];
const warm = [];
for (let round = 0; round < 3; round += 1) {
  const project = await createProject({});
  let server = await startServer(project);
  fresh.push(server.readyMs);
  await server.stop();
  server = await startServer(project);
  warm.push(server.readyMs);
  await server.stop();
  await project.remove();
}
printFigure('fresh start (median of 3)', `${median(fresh).toFixed(0)} ms`, 'about 2 s');
printFigure('warm start (median of 3)', `${median(warm).toFixed(0)} ms`, '< 1 s');

const project = await createProject({});
const server = await startServer(project);
// Connections of the start and of a load are closed after 30 s of rest.
await delay(40_000);
const memory = await memoryOfTree(server.child.pid);
printFigure('memory at rest, server + Postgres', `${memory.pssMb} MB PSS, ${memory.rssMb} MB RSS`, '<= 250 MB');
for (const part of memory.parts)
  console.log(`  ${String(part.rssMb).padStart(4)} MB RSS ${String(part.pssMb).padStart(4)} MB PSS  ${part.command}`);
await server.stop();
await project.remove();
