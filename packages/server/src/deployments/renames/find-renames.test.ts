import { describe, expect, it } from 'vitest';
import type { Manifest } from '@tenon/runtime/contract';
import { checkManifest } from '../rules/check-manifest.ts';
import { sampleAction, sampleIssueSchema, sampleManifest, sampleSync } from '../testing/sample-manifest.ts';
import { planDeployment } from '../plan/plan-deployment.ts';
import { findRenames } from './find-renames.ts';

const ticket = [{ name: 'Ticket', schema: sampleIssueSchema, renamedFrom: 'Issue' }];
const tickets = sampleManifest({
  functions: [sampleSync({ name: 'tickets', renamedFrom: 'issues' }), sampleAction()],
});

function inShort(before: Manifest, after: Manifest): string[] {
  return planDeployment(before, after).changes.map(
    ({ change }) => `${change.action} ${change.kind} ${change.renamedFrom ?? ''} ${change.name} ${change.class}`,
  );
}

describe('findRenames', () => {
  it('finds a sync, an action, a model and an integration that say what they were called', () => {
    expect(inShort(sampleManifest(), tickets)).toEqual(['rename sync issues tickets breaking']);
    const action = sampleManifest({
      functions: [sampleSync(), sampleAction({ name: 'make-issue', renamedFrom: 'create-issue' })],
    });
    expect(inShort(sampleManifest(), action)).toEqual(['rename action create-issue make-issue breaking']);
    const model = sampleManifest({ functions: [sampleSync({ models: ticket }), sampleAction()] });
    expect(inShort(sampleManifest(), model)).toEqual(['rename model Issue Ticket breaking']);
    const integration = sampleManifest({
      integrations: [{ name: 'desk', provider: 'tracker', renamedFrom: 'tracker' }],
      functions: [sampleSync({ integration: 'desk' }), sampleAction({ integration: 'desk' })],
    });
    expect(inShort(sampleManifest(), integration)).toEqual(['rename integration tracker desk breaking']);
  });

  it('says what else changed of it, and keeps the graver class', () => {
    const after = sampleManifest({
      functions: [sampleSync({ name: 'tickets', renamedFrom: 'issues', schedule: null }), sampleAction()],
    });
    expect(planDeployment(sampleManifest(), after).changes[0]?.change.reasons).toEqual([
      'renamed from issues',
      'schedule 1h -> none',
    ]);
  });

  it('goes back as it came', () => {
    expect(inShort(tickets, sampleManifest())).toEqual(['rename sync tickets issues breaking']);
  });

  it('is done once: what has the new name already is not renamed again', () => {
    expect(findRenames(tickets, tickets)).toEqual({ renames: [], hints: [] });
  });

  it('hints at a name that nothing had', () => {
    const after = sampleManifest({
      functions: [sampleSync(), sampleAction({ name: 'close', renamedFrom: 'shut' }), sampleAction()],
    });
    expect(findRenames(sampleManifest(), after)).toEqual({
      renames: [],
      hints: [expect.stringContaining("renamedFrom 'shut'")],
    });
  });

  it('refuses to join two that are deployed', () => {
    const both = sampleManifest({ functions: [sampleAction(), sampleAction({ name: 'close' })] });
    const joined = sampleManifest({ functions: [sampleAction({ name: 'close', renamedFrom: 'create-issue' })] });
    expect(() => findRenames(both, joined)).toThrow(expect.objectContaining({ code: 'rename_refused', exitCode: 12 }));
  });

  it.each([
    ['the old one is still there', [sampleAction(), sampleAction({ name: 'close', renamedFrom: 'create-issue' })]],
    [
      'two say that they were it',
      [sampleAction({ name: 'a', renamedFrom: 'x' }), sampleAction({ name: 'b', renamedFrom: 'x' })],
    ],
    [
      'they make a chain',
      [sampleAction({ name: 'c', renamedFrom: 'b' }), sampleAction({ name: 'b', renamedFrom: 'a' })],
    ],
    ['it is its own name', [sampleAction({ renamedFrom: 'create-issue' })]],
  ])('is no valid manifest when %s', (_name, functions) => {
    expect(() => checkManifest(sampleManifest({ functions }))).toThrow(
      expect.objectContaining({ code: 'definition_invalid', message: expect.stringContaining('renamedFrom') }),
    );
  });
});
