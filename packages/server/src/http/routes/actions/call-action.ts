import { actionResultSchema, callActionSchema, nameSchema } from '@tenon/runtime/contract';
import { connectionParamsSchema } from '../../route/connection-params.ts';
import { defineRoute } from '../../route/define-route.ts';

/** Bytes: an action may carry a file in its input. */
const maxInputBytes = 10 * 1024 * 1024;

export const callActionRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/actions/:name',
  summary: 'Runs an action and answers with its output. A client that goes away cancels it.',
  tag: 'actions',
  access: 'key',
  scope: 'actions:call',
  audit: 'action.call',
  params: connectionParamsSchema.extend({ name: nameSchema }),
  body: callActionSchema,
  bodyLimit: maxInputBytes,
  answer: { status: 200, description: 'The output, as the action declares it.', schema: actionResultSchema },
  errors: [
    'not_found',
    'input_invalid',
    'output_invalid',
    'action_failed',
    'script_failed',
    'script_timed_out',
    'script_out_of_memory',
    'provider_unauthorized',
    'provider_error',
    'provider_rate_limited',
    'worker_unavailable',
  ],
  handle: ({ caller, params, body, signal }, { runs }) =>
    runs.callAction({
      environmentId: caller.environmentId,
      integration: params.integration,
      connection: params.connection,
      action: params.name,
      input: body.input,
      signal,
    }),
});
