import { liveEventSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { openEventStream } from './open-event-stream.ts';

export const streamEventsRoute = defineRoute({
  method: 'GET',
  path: '/v1/events',
  summary: 'Streams what happens in the environment, as server-sent events; each one is the JSON of a live event.',
  tag: 'events',
  access: 'key',
  scope: 'syncs:read',
  answer: {
    status: 200,
    description: 'A stream that ends when either side closes it.',
    schema: liveEventSchema,
    contentType: 'text/event-stream',
  },
  errors: [],
  async handle({ caller, reply }, { runs }) {
    const stream = openEventStream(reply);
    stream.onClose(runs.events.subscribe(caller.environmentId, (event) => stream.send(event)));
  },
});
