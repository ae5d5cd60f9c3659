import { logEntrySchema, logQuerySchema, pageOf } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const listLogsRoute = defineRoute({
  method: 'GET',
  path: '/v1/logs',
  summary: 'Lists log lines: of one run in the order of writing, of the environment newest first.',
  tag: 'runs',
  access: 'key',
  scope: 'syncs:read',
  query: logQuerySchema,
  answer: { status: 200, description: 'Log lines.', schema: pageOf(logEntrySchema) },
  errors: [],
  handle: ({ caller, query }, { runs }) => runs.listLogs({ environmentId: caller.environmentId, ...query }),
});
