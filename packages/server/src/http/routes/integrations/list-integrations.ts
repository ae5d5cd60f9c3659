import { integrationSchema, pageOf, pageQuerySchema, type Integration, type Page } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ActiveManifest } from '../../../deployments/manifest-source.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listIntegrationsRoute = defineRoute({
  method: 'GET',
  path: '/v1/integrations',
  summary: 'Lists the integrations of the active deployment.',
  tag: 'integrations',
  access: 'key',
  query: pageQuerySchema,
  answer: { status: 200, description: 'Integrations, by name.', schema: pageOf(integrationSchema) },
  errors: [],
  async handle({ caller, query }, { connections }): Promise<Page<Integration>> {
    const all = toIntegrations(await connections.manifests.findActive(caller.environmentId));
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

function toIntegrations(active: ActiveManifest | undefined): Integration[] {
  if (!active) return [];
  const { integrations, functions, providers } = active.manifest;
  return integrations
    .map(({ name, provider }) => {
      const own = functions.filter(({ integration }) => integration === name);
      return {
        name,
        provider,
        authMode: providers.find((one) => one.name === provider)?.auth.mode ?? 'none',
        syncs: own.filter(({ kind }) => kind === 'sync').map((sync) => sync.name),
        actions: own.filter(({ kind }) => kind === 'action').map((action) => action.name),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
