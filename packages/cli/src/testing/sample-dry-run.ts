import type { DryRunResult } from '@tenon/runtime/contract';
import { sampleTime } from './samples.ts';

/** What a server answers to a dry run of demo/issues that read one page. */
export function sampleDryRun(
  over: {
    result?: Partial<DryRunResult>;
    capture?: Partial<NonNullable<DryRunResult['capture']>>;
  } = {},
): DryRunResult {
  return {
    version: null,
    status: 'succeeded',
    durationMs: 12,
    counts: { read: 1, added: 1, updated: 0, unchanged: 0, deleted: 0, quarantined: 0, held: 0 },
    outcome: {
      records: { Issue: [{ id: '1', updatedAt: sampleTime }] },
      deleted: {},
      quarantined: [],
      partitions: {},
      failedPartitions: {},
      triggered: [],
    },
    logs: [{ at: sampleTime, kind: 'log', level: 'info', message: 'read a page', data: null }],
    ...over.result,
    capture: {
      formatVersion: 1,
      runId: '0190a0a0-0000-7000-8000-000000000001',
      capturedAt: sampleTime,
      clock: sampleTime,
      function: { integration: 'demo', name: 'issues' },
      kind: 'sync',
      provider: 'demo',
      connection: { id: 'user1', config: {}, metadata: {} },
      start: {},
      variables: {},
      calls: [],
      exchanges: [
        {
          request: { method: 'GET', path: '/issues' },
          response: { status: 200, headers: {}, body: [{ id: '1', updatedAt: sampleTime }] },
        },
      ],
      unanswered: [],
      cut: { exchanges: 0, bodies: 0, reads: 0 },
      ...over.capture,
    },
  };
}

/** The sync whose dry run that is. */
export const recordedSyncText = `import { defineSync, z } from '@tenon/runtime';

const Issue = z.object({ id: z.string(), updatedAt: z.string() });

export default defineSync({
  models: { Issue },
  deletes: 'feed',
  async run(sync) {
    const { data } = await sync.get<Array<{ id: string; updatedAt: string }>>('/issues');
    sync.log.info('read a page');
    await sync.save('Issue', data);
  },
});
`;
