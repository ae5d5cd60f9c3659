import { expect, it } from 'vitest';
import { createWorkerCommand } from './worker-command.ts';
import { startWorkerProcess } from './worker-process.ts';

const command = createWorkerCommand(64);

it('is ready, and gone when it is killed', async () => {
  const worker = startWorkerProcess(command);
  await worker.ready;
  worker.kill();
  expect(await worker.closed).toMatchObject({ code: null, signal: 'SIGKILL' });
});

it('is given up when it does not become ready in time', async () => {
  const worker = startWorkerProcess(command, 1_000);
  process.kill(worker.pid, 'SIGSTOP');
  await expect(worker.ready).rejects.toMatchObject({ code: 'worker_unavailable' });
  expect(await worker.closed).toMatchObject({ signal: 'SIGKILL' });
});

it('says why when the program is not there', async () => {
  const worker = startWorkerProcess({ ...command, execPath: '/nowhere/node' });
  await expect(worker.ready).rejects.toMatchObject({
    code: 'worker_unavailable',
    message: expect.stringContaining('ENOENT'),
  });
  expect(await worker.closed).toMatchObject({ code: 1 });
});

it('says why when the process ends before it is ready', async () => {
  const worker = startWorkerProcess({ ...command, file: '/nowhere/child.js' });
  await expect(worker.ready).rejects.toMatchObject({ code: 'worker_unavailable' });
});

it('tells its listener that it has ended, also one that comes too late', async () => {
  const worker = startWorkerProcess(command);
  await worker.ready;
  const heard: string[] = [];
  const listenerOf = (name: string) => ({
    onMessage: () => undefined,
    onOutput: () => undefined,
    onClosed: ({ signal }: { signal: string | null }) => heard.push(`${name}: ${signal}`),
  });
  worker.listen(listenerOf('of an earlier run'));
  worker.listen(listenerOf('of this run'));
  worker.kill();
  await worker.closed;
  worker.listen(undefined);
  worker.listen(listenerOf('of a late run'));
  expect(heard).toEqual(['of this run: SIGKILL', 'of a late run: SIGKILL']);
});
