import { setScheduleSchema, syncStatusSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { getSyncStatus } from './get-sync-status.ts';
import { syncParamsSchema } from './sync-params.ts';

export const setScheduleRoute = defineRoute({
  method: 'PUT',
  path: '/v1/connections/:integration/:connection/syncs/:sync/schedule',
  summary: "Gives a sync of a connection a schedule of its own, or the code's again.",
  tag: 'syncs',
  access: 'key',
  scope: 'syncs:write',
  audit: 'sync.schedule',
  params: syncParamsSchema,
  body: setScheduleSchema,
  answer: { status: 200, description: 'The sync.', schema: syncStatusSchema },
  errors: ['not_found'],
  async handle({ caller, params, body }, { runs }) {
    const address = { environmentId: caller.environmentId, ...params };
    await runs.setSyncSchedule({ ...address, schedule: body.schedule });
    return getSyncStatus({ runs }, address);
  },
});
