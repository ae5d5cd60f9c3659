import { TenonError } from '@tenon/runtime/errors';
import { describe, expect, it } from 'vitest';
import { hashOf, sampleAction, sampleManifest, sampleSync } from '../testing/sample-manifest.ts';
import { checkManifest } from './check-manifest.ts';

function problemPaths(changes: Parameters<typeof sampleManifest>[0]): unknown {
  try {
    checkManifest(sampleManifest(changes));
    return [];
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    expect(error.code).toBe('definition_invalid');
    return (error.details?.['problems'] as { path: string }[] | undefined)?.map(({ path }) => path);
  }
}

function cron(expression: string, timezone = 'UTC') {
  return { functions: [sampleSync({ schedule: { type: 'cron', expression, timezone } })] };
}

describe('checkManifest', () => {
  it.each(['0 6 * * 1-5', '*/5 * * * *', '@daily'])('takes the cron expression %s', (expression) => {
    expect(problemPaths(cron(expression, 'Europe/Berlin'))).toEqual([]);
  });

  it.each([
    ['nonsense', 'UTC'],
    ['61 * * * *', 'UTC'],
    ['0 6 * * *', 'Mars/Olympus'],
    ['0 0 30 2 *', 'UTC'],
  ])('refuses the cron expression %s in %s', (expression, timezone) => {
    expect(problemPaths(cron(expression, timezone))).toEqual(['functions[0].schedule']);
  });

  it('wants one owner for a model of an integration', () => {
    expect(problemPaths({ functions: [sampleSync(), sampleSync({ name: 'other' })] })).toEqual(['functions[1].models']);
  });

  it('lets two integrations have the same model', () => {
    expect(
      problemPaths({
        integrations: [
          { name: 'tracker', provider: 'tracker' },
          { name: 'tracker-eu', provider: 'tracker' },
        ],
        functions: [sampleSync(), sampleSync({ integration: 'tracker-eu' })],
      }),
    ).toEqual([]);
  });

  it('wants hooks that belong to a provider, and are called in its mode', () => {
    const source = 'providers/tracker.hooks.ts';
    const hooks = { provider: 'tracker', source, bundle: hashOf('hooks'), hooks: ['verify' as const] };
    expect(problemPaths({ providerHooks: [hooks] })).toEqual([]);
    expect(problemPaths({ providerHooks: [hooks, { ...hooks, provider: 'lost' }, hooks] })).toEqual([
      'providerHooks[1].provider',
      'providerHooks[2].provider',
    ]);
    expect(problemPaths({ providerHooks: [{ ...hooks, hooks: ['obtainToken', 'verify', 'renewToken'] }] })).toEqual([
      'providerHooks[0].hooks',
      'providerHooks[0].hooks',
    ]);
  });

  it('names every problem at once', () => {
    expect(
      problemPaths({
        integrations: [
          { name: 'tracker', provider: 'nowhere' },
          { name: 'tracker', provider: 'tracker' },
        ],
        functions: [sampleAction(), sampleAction(), sampleAction({ integration: 'lost' })],
      }),
    ).toEqual(['integrations[1].name', 'integrations[0].provider', 'functions[2].integration', 'functions[1].name']);
  });
});
