import { quarantinedRecordSchema } from '@tenon/runtime/contract';
import { getQuarantined } from '../../../records/quarantine/list-quarantine.ts';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from '../webhooks/id-params.ts';

export const getQuarantinedRoute = defineRoute({
  method: 'GET',
  path: '/v1/quarantine/:id',
  summary: 'Shows a quarantined record.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  params: idParamsSchema,
  answer: { status: 200, description: 'The record, as the script saved it.', schema: quarantinedRecordSchema },
  errors: ['not_found'],
  handle: ({ caller, params }, { database }) =>
    getQuarantined(database, { environmentId: caller.environmentId, id: params.id }),
});
