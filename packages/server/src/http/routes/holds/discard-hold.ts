import { decidedHoldSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from '../webhooks/id-params.ts';

export const discardHoldRoute = defineRoute({
  method: 'POST',
  path: '/v1/holds/:id/discard',
  summary: 'Leaves the records of a hold as they are.',
  tag: 'records',
  access: 'key',
  scope: 'records:write',
  audit: 'hold.discard',
  params: idParamsSchema,
  answer: { status: 200, description: 'The hold as it is now.', schema: decidedHoldSchema },
  errors: ['not_found', 'conflict'],
  handle: ({ caller, params }, { records }) =>
    records.discardHold({ environmentId: caller.environmentId, id: params.id }),
});
