import {
  changesPageSchema,
  decidedHoldSchema,
  holdDetailsSchema,
  holdSchema,
  pageOf,
  prunedRecordsSchema,
  quarantinedRecordSchema,
  recordDifferenceSchema,
  recordSchema,
  recordVersionSchema,
  sqlViewsSchema,
  triggeredRunSchema,
  undoneRunSchema,
} from '@tenon/runtime/contract';
import { z } from 'zod';
import type { CallLimits } from './api-client.ts';
import type { HttpTransport } from './http-transport.ts';
import type { ModelRef, RecordsApi } from './records-api.ts';

/** Deletes or restores what may be a whole dataset. */
const changeTimeoutMs = 300_000;

/** The routes that are about records. */
export function createRecordsApi(http: HttpTransport): RecordsApi {
  const recordsOf = ({ integration, connection, model }: ModelRef) => [
    'connections',
    integration,
    connection,
    'records',
    model,
  ];

  function get<Schema extends z.ZodType>(
    schema: Schema,
    { path, request }: { path: readonly string[]; request: (CallLimits & object) | undefined },
  ): Promise<z.output<Schema>> {
    const { signal, timeoutMs, ...query } = request ?? {};
    const limits = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
    return http.call({ ...limits, method: 'GET', path, query }, schema);
  }

  return {
    listRecords: (ref, page) => get(pageOf(recordSchema), { path: recordsOf(ref), request: page }),
    getRecord: (ref, limits) => get(recordSchema, { path: [...recordsOf(ref), ref.id], request: limits }),
    listChanges: ({ integration, connection, model }, page) =>
      get(changesPageSchema, { path: ['connections', integration, connection, 'changes', model], request: page }),
    getRecordHistory: (ref, page) =>
      get(pageOf(recordVersionSchema), { path: [...recordsOf(ref), ref.id, 'history'], request: page }),
    openExport: (ref, { signal, ...query }) =>
      http.open({
        ...(signal && { signal }),
        method: 'GET',
        path: [...recordsOf(ref), 'export'],
        query,
        accept: '*/*',
      }),
    pruneRecords: (ref, body, limits) =>
      http.call(
        { timeoutMs: changeTimeoutMs, ...limits, method: 'POST', path: [...recordsOf(ref), 'prune'], body },
        prunedRecordsSchema,
      ),
    listViews: (limits) => get(sqlViewsSchema, { path: ['views'], request: limits }),

    listHolds: (page) => get(pageOf(holdSchema), { path: ['holds'], request: page }),
    getHold: (id, page) => get(holdDetailsSchema, { path: ['holds', String(id)], request: page }),
    approveHold: (id, limits) =>
      http.call(
        { timeoutMs: changeTimeoutMs, ...limits, method: 'POST', path: ['holds', String(id), 'approve'] },
        decidedHoldSchema,
      ),
    discardHold: (id, limits) =>
      http.call({ ...limits, method: 'POST', path: ['holds', String(id), 'discard'] }, decidedHoldSchema),

    listQuarantine: (page) => get(pageOf(quarantinedRecordSchema), { path: ['quarantine'], request: page }),
    async deleteQuarantined(id, limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['quarantine', String(id)] }, z.unknown());
    },
    replayQuarantine: ({ integration, connection, sync }, limits) =>
      http.call(
        { ...limits, method: 'POST', path: ['connections', integration, connection, 'syncs', sync, 'replay'] },
        triggeredRunSchema,
      ),

    listRunChanges: (id, page) => get(pageOf(recordDifferenceSchema), { path: ['runs', id, 'changes'], request: page }),
    listRunDifferences: ({ id, other }, page) =>
      get(pageOf(recordDifferenceSchema), { path: ['runs', id, 'diff', other], request: page }),
    undoRun: (id, limits) =>
      http.call({ timeoutMs: changeTimeoutMs, ...limits, method: 'POST', path: ['runs', id, 'undo'] }, undoneRunSchema),
  };
}
