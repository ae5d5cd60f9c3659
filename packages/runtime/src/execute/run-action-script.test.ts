import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAction, type ActionDefinition } from '../define/define-action.ts';
import { runActionScript } from './run-action-script.ts';
import type { ActionEnvironment } from './script-environment.ts';
import { createOfflineRun } from './testing/offline-run.ts';

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

describe('what an action can do beside requests', () => {
  const inMemory = (options: Parameters<typeof createOfflineRun>[1] = {}) => createOfflineRun({}, options);
  const run = (
    body: (action: Parameters<(typeof act)['options']['run']>[0]) => Promise<unknown>,
    { environment }: ReturnType<typeof inMemory>,
  ) => runActionScript({ ...act, options: { ...act.options, run: body } } as unknown as ActionDefinition, environment);
  const act = defineAction({
    input: z.any(),
    output: z.any(),
    errors: { not_allowed: z.object({ plan: z.string() }) },
    run: () => undefined,
  });

  it('throws its own errors, with code, message and payload', async () => {
    const failing = (payload: unknown, code = 'not_allowed') =>
      run(async (action) => {
        throw action.error(code as 'not_allowed', payload as { plan: string }, 'Not on this plan.');
      }, inMemory());
    await expect(failing({ plan: 'free', more: 1 })).rejects.toMatchObject({
      code: 'action_failed',
      message: 'Not on this plan.',
      details: { error: 'not_allowed', payload: { plan: 'free' } },
    });
    await expect(failing({ plan: 5 })).rejects.toMatchObject({ code: 'output_invalid' });
    await expect(failing({}, 'constructor')).rejects.toMatchObject({ code: 'output_invalid' });
  });

  it('changes metadata, and sees what it changed', async () => {
    const offline = inMemory({ metadata: { a: 1, b: 2 } });
    const { output } = await run(async (action) => {
      await action.connection.patchMetadata({ a: null, c: 3 });
      const patched = action.connection.metadata;
      await action.connection.setMetadata({ d: 4 });
      return [patched, action.connection.metadata];
    }, offline);
    expect(output).toEqual([{ b: 2, c: 3 }, { d: 4 }]);
    expect(offline.server.metadata()).toEqual({ d: 4 });
  });

  it('reads variables and credentials, calls actions and triggers syncs', async () => {
    const offline = inMemory({
      variables: { REGION: 'eu' },
      credentials: { apiKey: 'k' },
      actions: { double: (input) => Number(input) * 2 },
    });
    const { output } = await run(
      async (action) => [
        await action.variable('REGION'),
        (await action.variable('NONE')) === undefined,
        await action.credentials(),
        await action.callAction('double', 21),
        await action.triggerSync('issues'),
      ],
      offline,
    );
    expect(output).toEqual(['eu', true, { apiKey: 'k' }, 42, { runId: 'run_issues' }]);
    expect(offline.server.triggered).toEqual(['issues']);
    await expect(run((action) => action.callAction('none'), offline)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('works under a lock, gives it back whatever happens, and fails while another run holds it', async () => {
    const { output } = await run(async (action) => {
      const failed = await action.lock('invoice', () => Promise.reject(new Error('no paper'))).catch(String);
      const within = await action.lock('invoice', { ttl: '1m' }, async () => {
        const second = await action.lock('invoice', () => 'never').catch((error: { code: string }) => error.code);
        return [second, await action.lock('other', () => 'done')];
      });
      return [failed, within];
    }, inMemory());
    expect(output).toEqual(['Error: no paper', ['lock_held', 'done']]);
    const held = run((action) => action.lock('invoice', () => 1), inMemory({ heldLocks: ['invoice'] }));
    await expect(held).rejects.toMatchObject({ code: 'lock_held', hint: expect.stringContaining('wait') });
  });
});
