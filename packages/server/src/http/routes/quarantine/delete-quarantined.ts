import { deleteQuarantined } from '../../../records/quarantine/delete-quarantined.ts';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from '../webhooks/id-params.ts';

export const deleteQuarantinedRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/quarantine/:id',
  summary: 'Drops a quarantined record for good.',
  tag: 'records',
  access: 'key',
  scope: 'records:write',
  audit: 'quarantine.delete',
  params: idParamsSchema,
  answer: { status: 204, description: 'It is gone.' },
  errors: ['not_found'],
  handle: ({ caller, params }, { database }) =>
    deleteQuarantined(database, { environmentId: caller.environmentId, id: params.id }),
});
