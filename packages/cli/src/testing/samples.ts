import { randomUUID } from 'node:crypto';
import type { Connection, Integration, LogEntry, Run, StoredRecord, SyncStatus } from '@tenon/runtime/contract';

export const sampleTime = '2026-01-02T03:04:05.000Z';

export function sampleConnection(over: Partial<Connection> = {}): Connection {
  return {
    integration: 'github',
    id: 'user1',
    authMode: 'api_key',
    state: 'active',
    problem: null,
    expiry: null,
    scopes: null,
    tokenExpiresAt: null,
    refreshedAt: null,
    endUser: null,
    config: {},
    settings: {},
    metadata: {},
    createdAt: sampleTime,
    updatedAt: sampleTime,
    ...over,
  };
}

export function sampleRecord(id: string, data: Record<string, unknown> = {}): StoredRecord {
  return { id, data: { id, ...data }, createdAt: sampleTime, updatedAt: sampleTime, deletedAt: null };
}

export function sampleRun(over: Partial<Run> = {}): Run {
  return {
    id: randomUUID(),
    kind: 'sync',
    integration: 'github',
    function: 'issues',
    connection: 'user1',
    trigger: 'api',
    version: 1,
    status: 'succeeded',
    attempt: 1,
    counts: { read: 15, added: 12, updated: 3, unchanged: 0, deleted: 0, quarantined: 0, held: 0 },
    error: null,
    waitsFor: null,
    notBefore: null,
    dueAt: '2026-01-01T00:00:00.000Z',
    createdAt: sampleTime,
    startedAt: sampleTime,
    finishedAt: '2026-01-02T03:04:05.400Z',
    ...over,
  };
}

export function sampleSync(over: Partial<SyncStatus> = {}): SyncStatus {
  return {
    integration: 'github',
    connection: 'user1',
    sync: 'issues',
    schedule: 'every 15m',
    scheduleSource: 'code',
    overlap: 'skip',
    paused: false,
    waitsFor: null,
    nextRunAt: null,
    lastRun: null,
    ...over,
  };
}

export function sampleLog(runId: string, over: Partial<LogEntry> = {}): LogEntry {
  return { id: '1', runId, at: sampleTime, kind: 'log', level: 'info', message: 'read a page', data: null, ...over };
}

export function sampleIntegration(over: Partial<Integration> = {}): Integration {
  return {
    name: 'github',
    provider: 'github',
    authMode: 'oauth2',
    flow: 'redirect',
    scopes: ['repo'],
    values: [],
    ready: true,
    callbackUrl: 'http://127.0.0.1:7400/oauth/callback',
    syncs: [],
    actions: [],
    ...over,
  };
}
