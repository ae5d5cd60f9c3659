import { pageOf, quarantinedRecordSchema, quarantineQuerySchema } from '@tenon/runtime/contract';
import { listQuarantine } from '../../../records/quarantine/list-quarantine.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listQuarantineRoute = defineRoute({
  method: 'GET',
  path: '/v1/quarantine',
  summary: 'Lists records that are not what their model says, with the reasons, newest first.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  query: quarantineQuerySchema,
  answer: { status: 200, description: 'Quarantined records.', schema: pageOf(quarantinedRecordSchema) },
  errors: [],
  handle: ({ caller, query }, { database }) =>
    listQuarantine(database, { ...query, environmentId: caller.environmentId }),
});
