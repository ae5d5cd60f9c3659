import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAction, type ActionDefinition } from '../define/define-action.ts';
import { runActionScript } from './run-action-script.ts';
import type { ActionEnvironment } from './script-environment.ts';

function environmentWith(input: unknown): ActionEnvironment {
  const offline = () => Promise.reject(new Error('offline'));
  return {
    runId: 'run-1',
    integration: 'sandbox',
    connection: { id: 'acme', config: {}, metadata: {} },
    requests: {
      request: offline,
      get: offline,
      post: offline,
      put: offline,
      patch: offline,
      delete: offline,
      paginate: () => {
        throw new Error('offline');
      },
    },
    signal: new AbortController().signal,
    ask: ({ kind }) => Promise.reject(new Error(`nobody answers ${kind}`)),
    log: () => undefined,
    input,
  };
}

const double = defineAction({
  input: z.object({ amount: z.number().default(2) }),
  output: z.object({ amount: z.number(), at: z.date().optional() }),
  run: ({ input }) => ({ amount: input.amount * 2, at: new Date(0), secret: 1 }),
}) as unknown as ActionDefinition;

const returning = (output: unknown) =>
  defineAction({ input: z.unknown(), output: z.unknown(), run: () => output }) as unknown as ActionDefinition;

describe('runActionScript', () => {
  it('gives the input and returns the output as their schemas read them, as plain JSON', async () => {
    const { output } = await runActionScript(double, environmentWith({}));
    expect(output).toEqual({ amount: 4, at: '1970-01-01T00:00:00.000Z' });
  });

  it('refuses another input without running the script', async () => {
    await expect(runActionScript(double, environmentWith({ amount: 'x' }))).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining('amount'),
    });
  });

  it('refuses another output', async () => {
    const wrong = defineAction({
      input: z.unknown(),
      output: z.object({ id: z.string() }),
      run: () => ({ id: 5 }) as unknown as { id: string },
    }) as unknown as ActionDefinition;
    await expect(runActionScript(wrong, environmentWith({}))).rejects.toMatchObject({ code: 'output_invalid' });
  });

  it.each([
    ['a BigInt', { a: 1n }],
    ['more than 10 MB', 'x'.repeat(10_000_001)],
  ])('refuses an output of %s', async (_name, output) => {
    await expect(runActionScript(returning(output), environmentWith({}))).rejects.toMatchObject({
      code: 'output_invalid',
    });
  });
});
