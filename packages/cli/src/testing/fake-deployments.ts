import { noImpact, type Deployment, type Manifest } from '@tenon/runtime/contract';
import { ok, pageOf, refuse, route, type Route } from './fake-route.ts';
import type { FakeServerState } from './fake-server.ts';
import { sampleTime } from './samples.ts';

function activeOf({ deployments }: FakeServerState): number {
  return deployments.find(({ active }) => active)?.version ?? 0;
}

function planOf({ deployments, plan }: FakeServerState) {
  return {
    baseVersion: Math.max(0, ...deployments.map(({ version }) => version)),
    fingerprint: 'f1',
    environment: 'dev',
    impact: noImpact,
    hints: [],
    ...plan,
  };
}

/** Plans, versions and their code. */
export const deploymentRoutes: readonly Route[] = [
  route('POST deployments/plan', ({ state }, { body }) => {
    const { manifest } = body as { manifest: Manifest };
    const hashes = [...new Set(manifest.functions.map(({ bundle }) => bundle))];
    return ok({ ...planOf(state), missingBundles: hashes.filter((hash) => !state.bundles.has(hash)) });
  }),
  route('PUT bundles/*', ({ state }, { path, text }) => {
    state.bundles.set(path[1] ?? '', text);
    return { status: 204 };
  }),
  route('POST deployments', ({ state }, { body }) => {
    const {
      manifest,
      message = null,
      externalId = null,
      source = null,
    } = body as { manifest: Manifest; message?: string; externalId?: string; source?: Deployment['source'] };
    state.lastManifest = manifest;
    for (const deployment of state.deployments) deployment.active = false;
    const deployment: Deployment = {
      version: state.deployments.length + 1,
      active: true,
      message,
      externalId,
      source,
      deployedBy: 'owner',
      changes: { created: 1, updated: 0, deleted: 0, renamed: 0 },
      functions: manifest.functions.length,
      createdAt: sampleTime,
    };
    state.deployments.push(deployment);
    state.manifests.set(deployment.version, manifest);
    return { status: 201, body: deployment };
  }),
  route('GET deployments', ({ state }, { query }) => {
    const externalId = query.get('externalId');
    return pageOf(
      state.deployments.filter((one) => externalId === null || one.externalId === externalId),
      query,
    );
  }),
  route('GET deployments/*/manifest', ({ state }, { path }) => {
    const deployment = state.deployments.find(({ version }) => String(version) === path[1]);
    const manifest = state.manifests.get(Number(path[1]));
    return deployment && manifest
      ? ok({ deployment, manifest })
      : refuse(404, 'not_found', `There is no version ${path[1]}.`);
  }),
  route('GET bundles/*', ({ state }, { path }) => {
    const body = state.bundles.get(path[1] ?? '');
    return body === undefined
      ? refuse(404, 'not_found', 'There is no such bundle.')
      : { status: 200, body, headers: { 'content-type': 'text/plain' } };
  }),
  route('GET deployments/*/plan', ({ state }, { query }) =>
    ok({ ...planOf(state), baseVersion: Number(query.get('from') ?? activeOf(state)), missingBundles: [] }),
  ),
  route('GET deployments/*/rollback', ({ state }, { path, query }) =>
    ok({
      version: Number(path[1]),
      plan: { ...planOf(state), baseVersion: activeOf(state), missingBundles: [] },
      data: query.get('data') === 'true' ? state.rollbackData : null,
    }),
  ),
  route('POST deployments/*/rollback', ({ state }, { path, body }) => {
    const deployment = state.deployments.find(({ version }) => String(version) === path[1]);
    if (deployment === undefined) return refuse(404, 'not_found', 'There is no such version.');
    for (const one of state.deployments) one.active = one === deployment;
    const { data } = body as { data: boolean };
    const counts = { recordsRestored: 3, recordsDeleted: 2, cursorsRestored: 1, runsCancelled: 0 };
    return ok({ deployment, data: data ? counts : null });
  }),
  route('POST deployments/*/activate', ({ state }, { path }) => {
    for (const deployment of state.deployments) deployment.active = String(deployment.version) === path[1];
    const active = state.deployments.find((deployment) => deployment.active);
    return active === undefined ? refuse(404, 'not_found', 'There is no such version.') : ok(active);
  }),
];
