import { sqlViewsSchema } from '@tenon/runtime/contract';
import { listViews } from '../../../records/views/list-views.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listViewsRoute = defineRoute({
  method: 'GET',
  path: '/v1/views',
  summary: 'Lists the SQL views over the records, two for each model of the active deployment, with their columns.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  answer: { status: 200, description: 'Views, and where to read them.', schema: sqlViewsSchema },
  errors: [],
  async handle({ caller: { environmentId } }, { database, connections }) {
    const active = await connections.manifests.findActive(environmentId);
    return listViews(database, { environmentId, manifest: active?.manifest });
  },
});
