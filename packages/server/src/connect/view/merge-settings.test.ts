import { describe, expect, it } from 'vitest';
import { sampleManifest, sampleSync } from '../../deployments/testing/sample-manifest.ts';
import { mergeSettings } from './merge-settings.ts';

function merge(schemas: (Record<string, unknown> | null)[], given: Record<string, unknown> = {}) {
  const functions = schemas.map((settings, index) => sampleSync({ name: `sync-${index}`, settings }));
  return mergeSettings(sampleManifest({ functions }), { integration: 'tracker', given });
}

const project = { type: 'object', properties: { project: { type: 'string' } }, required: ['project'] };

describe('the settings of an integration', () => {
  it('are none where no sync has any', () => {
    expect(merge([null, { type: 'object', properties: {} }])).toBeNull();
  });

  it('are those of all its syncs, each asked for once', () => {
    const labels = { type: 'object', properties: { project: { type: 'string' }, labels: { type: 'array' } } };
    expect(merge([project, labels, null])).toEqual({
      type: 'object',
      properties: { project: { type: 'string' }, labels: { type: 'array' } },
      required: ['project'],
    });
  });

  it('have to satisfy both where two syncs differ', () => {
    const strict = { type: 'object', properties: { project: { type: 'string', minLength: 3 } } };
    expect(merge([project, strict])?.['properties']).toEqual({
      project: { allOf: [{ type: 'string' }, { type: 'string', minLength: 3 }] },
    });
  });

  it('keep the definitions that they refer to', () => {
    const referring = {
      type: 'object',
      properties: { owner: { $ref: '#/$defs/user' } },
      $defs: { user: { type: 'string' } },
    };
    expect(merge([referring])).toMatchObject({ $defs: { user: { type: 'string' } } });
  });

  it('leave out what the app gave', () => {
    expect(merge([project], { project: 'p1' })).toBeNull();
  });
});
