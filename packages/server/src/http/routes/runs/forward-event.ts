import { forwardWebhookSchema, triggeredRunSchema } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { defineRoute } from '../../route/define-route.ts';
import { syncParamsSchema } from '../syncs/sync-params.ts';

const maxKeyLength = 200;

export const forwardEventRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/syncs/:sync/events',
  summary:
    "Stores an event of the provider for the sync's onWebhook. Events are processed one by one, in order; of two with " +
    'the same `Idempotency-Key` header, the second one is not taken.',
  tag: 'syncs',
  access: 'key',
  scope: 'syncs:write',
  audit: 'sync.event',
  params: syncParamsSchema,
  body: forwardWebhookSchema,
  answer: { status: 202, description: 'The run that processes it.', schema: triggeredRunSchema },
  errors: ['not_found'],
  async handle({ caller, params, body, reply }, { runs }) {
    const key = reply.request.headers['idempotency-key'];
    if (Array.isArray(key) || (key !== undefined && (key === '' || key.length > maxKeyLength))) {
      throw new TenonError(
        'request_invalid',
        `The Idempotency-Key is not one text of 1 to ${maxKeyLength} characters.`,
      );
    }
    const event = { environmentId: caller.environmentId, ...params, ...body, key };
    const { run, created } = await runs.forwardEvent(event);
    return { run, alreadyRunning: !created };
  },
});
