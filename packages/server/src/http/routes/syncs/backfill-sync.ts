import { backfillRangeSchema, runSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { syncParamsSchema } from './sync-params.ts';

export const backfillSyncRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/syncs/:sync/backfill',
  summary: "Reads a part of a sync's history again, beside its live runs and without moving their cursor.",
  tag: 'syncs',
  access: 'key',
  scope: 'syncs:write',
  audit: 'sync.backfill',
  params: syncParamsSchema,
  body: backfillRangeSchema.strict(),
  answer: { status: 202, description: 'The run; follow it with GET /v1/runs/{id} or the events.', schema: runSchema },
  errors: ['not_found', 'conflict', 'provider_unauthorized'],
  handle: ({ caller, params, body }, { runs }) =>
    runs.backfillSync({ environmentId: caller.environmentId, ...params, range: body }),
});
