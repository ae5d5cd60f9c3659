import { integrationSchema, pageOf, pageQuerySchema, type Integration, type Page } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { describeIntegrations } from '../../../integrations/describe-integrations.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listIntegrationsRoute = defineRoute({
  method: 'GET',
  path: '/v1/integrations',
  summary: 'Lists the integrations of the active deployment.',
  tag: 'integrations',
  access: 'key',
  scope: 'connections:read',
  query: pageQuerySchema,
  answer: { status: 200, description: 'Integrations, by name.', schema: pageOf(integrationSchema) },
  errors: [],
  async handle({ caller, query }, { connections }): Promise<Page<Integration>> {
    const all = await describeIntegrations(connections, caller.environmentId);
    const after = query.cursor;
    if (after !== undefined && !all.some(({ name }) => name === after)) {
      throw new TenonError('request_invalid', 'The cursor is not one of this list.', {
        hint: 'Start again without a cursor: the deployment changed since.',
      });
    }
    const rest = after === undefined ? all : all.filter(({ name }) => name > after);
    const items = rest.slice(0, query.limit);
    return { items, nextCursor: rest.length > items.length ? (items.at(-1)?.name ?? null) : null };
  },
});
