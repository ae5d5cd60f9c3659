import type { Capture } from '@tenon/runtime/contract';

/** What a worker keeps of a small sync, for tests. */
export function sampleCapture(runId: string, more: Partial<Capture> = {}): Capture {
  return {
    formatVersion: 1,
    runId,
    capturedAt: '2026-01-01T00:00:01.000Z',
    clock: '2026-01-01T00:00:00.000Z',
    function: { integration: 'tracker', name: 'issues' },
    kind: 'sync',
    provider: 'tracker',
    connection: { id: 'c1', config: {}, metadata: {} },
    start: { cursor: '2025-12-31' },
    variables: {},
    calls: [],
    exchanges: [
      {
        request: { method: 'GET', path: '/issues?page=1' },
        response: { status: 200, headers: {}, body: [{ email: 'ada@customer.example' }] },
      },
    ],
    unanswered: [],
    cut: { exchanges: 0, bodies: 0, reads: 0 },
    ...more,
  };
}
