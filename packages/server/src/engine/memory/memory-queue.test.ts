import { describe } from 'vitest';
import { testEngineContract } from '../engine-contract.ts';
import { createMemoryQueue } from './memory-queue.ts';

describe('the engine in memory', () => {
  testEngineContract(() => {
    const queue = createMemoryQueue();
    return Promise.resolve({
      open: (concurrency) => Promise.resolve(queue.openEngine({ concurrency })),
      loseHolders: () => Promise.resolve(queue.loseHolders()),
      close: () => Promise.resolve(),
    });
  });
});
