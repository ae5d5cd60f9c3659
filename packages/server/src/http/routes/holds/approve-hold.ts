import { decidedHoldSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { idParamsSchema } from '../webhooks/id-params.ts';

export const approveHoldRoute = defineRoute({
  method: 'POST',
  path: '/v1/holds/:id/approve',
  summary: 'Deletes what is held, but for what changed since.',
  tag: 'records',
  access: 'key',
  scope: 'records:write',
  audit: 'hold.approve',
  params: idParamsSchema,
  answer: { status: 200, description: 'The hold as it is now.', schema: decidedHoldSchema },
  errors: ['not_found', 'conflict'],
  handle: ({ caller, params }, { records }) =>
    records.approveHold({ environmentId: caller.environmentId, id: params.id }),
});
