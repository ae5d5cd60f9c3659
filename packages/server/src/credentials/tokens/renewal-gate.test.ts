import { expect, it } from 'vitest';
import { createRenewalGate } from './renewal-gate.ts';

interface Job {
  readonly name: string;
  end(): void;
}

/** Work that is under way until it is told to end. */
function createJobs() {
  const begun: Job[] = [];
  const work = (name: string) => () => new Promise<string>((resolve) => begun.push({ name, end: () => resolve(name) }));
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { begun, work, settle, names: () => begun.map(({ name }) => name) };
}

it('keeps places for other providers when one takes all that it may have', async () => {
  const gate = createRenewalGate({ most: 4, mostOfProvider: 2 });
  const jobs = createJobs();
  for (const n of [1, 2, 3, 4]) void gate.run({ provider: 'a', urgent: true }, jobs.work(`a${n}`));
  void gate.run({ provider: 'b', urgent: true }, jobs.work('b1'));
  await jobs.settle();
  expect(jobs.names()).toEqual(['a1', 'a2', 'b1']);
  jobs.begun[0]?.end();
  await jobs.settle();
  expect(jobs.names()).toEqual(['a1', 'a2', 'b1', 'a3']);
});

it('lets those go first for whom somebody waits', async () => {
  const gate = createRenewalGate({ most: 1, mostOfProvider: 1 });
  const jobs = createJobs();
  void gate.run({ provider: 'a', urgent: false }, jobs.work('first'));
  void gate.run({ provider: 'a', urgent: false }, jobs.work('patient'));
  void gate.run({ provider: 'b', urgent: true }, jobs.work('urgent'));
  await jobs.settle();
  for (const index of [0, 1, 2]) {
    jobs.begun[index]?.end();
    await jobs.settle();
  }
  expect(jobs.names()).toEqual(['first', 'urgent', 'patient']);
});

it('gives its place back after a failure', async () => {
  const gate = createRenewalGate({ most: 1, mostOfProvider: 1 });
  const failing = gate.run({ provider: 'a', urgent: true }, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await gate.run({ provider: 'a', urgent: true }, () => Promise.resolve('yes'))).toBe('yes');
});

it('refuses what waits, and what comes, when it is closed', async () => {
  const gate = createRenewalGate({ most: 1, mostOfProvider: 1 });
  const jobs = createJobs();
  const running = gate.run({ provider: 'a', urgent: true }, jobs.work('running'));
  const waiting = gate.run({ provider: 'a', urgent: true }, jobs.work('waiting'));
  gate.close();
  await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
  await expect(gate.run({ provider: 'b', urgent: true }, jobs.work('late'))).rejects.toMatchObject({
    code: 'unavailable',
  });
  jobs.begun[0]?.end();
  expect(await running).toBe('running');
});
