import { createdEnvironmentSchema, createEnvironmentSchema } from '@tenon/runtime/contract';
import { createEnvironment } from '../../../environments/create-environment.ts';
import { defineRoute } from '../../route/define-route.ts';

export const createEnvironmentRoute = defineRoute({
  method: 'POST',
  path: '/v1/environments',
  summary: 'Makes an environment that stays, such as staging, with its first API key.',
  tag: 'environments',
  access: 'key',
  scope: 'admin',
  audit: 'environment.create',
  body: createEnvironmentSchema,
  answer: {
    status: 201,
    description: 'The environment, with its key, which is shown this once.',
    schema: createdEnvironmentSchema,
  },
  errors: ['conflict', 'forbidden'],
  handle({ caller, body, note }, { database }) {
    note({ name: body.name });
    return createEnvironment(database, { caller, name: body.name });
  },
});
