import type { Manifest, SyncManifest } from '@tenon/runtime/contract';
import { describe, expect, it } from 'vitest';
import { sampleManifest } from '../testing/sample-manifest.ts';
import { contractOf } from './contract-of.ts';
import { describeContractChange } from './describe-contract-change.ts';

function withTicket(properties: Record<string, unknown>): Manifest {
  const manifest = sampleManifest();
  const functions = manifest.functions.map((entry) =>
    entry.name === 'open-tickets' && entry.kind === 'sync'
      ? { ...entry, models: [{ name: 'Ticket', schema: { type: 'object', properties } }] }
      : entry,
  );
  return { ...manifest, functions };
}

const text = { type: 'string' };

describe('describeContractChange', () => {
  it('says which fields came, changed and went', () => {
    const before = withTicket({ id: text, subject: text, body: text });
    const after = withTicket({ id: text, subject: { type: 'number' }, labels: text });
    expect(describeContractChange(before, after)).toEqual(['Ticket: ~subject, +labels, -body']);
  });

  it('says which models and actions came and went', () => {
    const before = sampleManifest();
    const after = { ...before, functions: before.functions.filter(({ name }) => name === 'issues') };
    expect(describeContractChange(before, after)).toEqual([
      '-create-issue input',
      '-create-issue output',
      '-whoami input',
      '-whoami output',
      '-Ticket',
    ]);
    expect(describeContractChange(after, before)).toContain('+Ticket');
  });

  it('says nothing about nothing', () => {
    expect(describeContractChange(sampleManifest(), sampleManifest())).toEqual([]);
  });
});

describe('contractOf', () => {
  it('does not change with the code and the schedule of a script', () => {
    const manifest = sampleManifest();
    const edited = manifest.functions.map((entry) =>
      entry.kind === 'sync'
        ? ({ ...entry, bundle: 'f'.repeat(64), schedule: null, deletes: 'none' } satisfies SyncManifest)
        : { ...entry, bundle: 'f'.repeat(64) },
    );
    expect(contractOf({ ...manifest, functions: edited })).toBe(contractOf(manifest));
  });

  it('changes with a field of a model', () => {
    expect(contractOf(withTicket({ id: text }))).not.toBe(contractOf(withTicket({ id: text, more: text })));
  });
});
