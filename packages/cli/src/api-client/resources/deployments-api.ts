import { text as readText } from 'node:stream/consumers';
import {
  deployedManifestSchema,
  deploymentSchema,
  pageOf,
  planSchema,
  rollbackPlanSchema,
  rolledBackSchema,
  type DeployedManifest,
  type Deployment,
  type DeploymentSource,
  type Manifest,
  type Page,
  type Plan,
  type RollbackPlan,
  type RolledBack,
} from '@tenon/runtime/contract';
import type { CallLimits, PageRequest } from '../call-limits.ts';
import { anything, type HttpTransport } from '../http-transport.ts';

/** Plans read the whole state, and a server that has just started may be busy. */
const deploymentTimeoutMs = 120_000;
/** Records are taken back before it answers. Asked again, it goes on. */
const rollbackTimeoutMs = 3_600_000;
const versionPath = (version: number) => ['deployments', String(version)];

/** The routes of deployments. */
export interface DeploymentsApi {
  planDeployment(manifest: Manifest, limits?: CallLimits): Promise<Plan>;
  uploadBundle(hash: string, code: string, limits?: CallLimits): Promise<void>;
  createDeployment(
    deployment: {
      manifest: Manifest;
      baseVersion: number;
      fingerprint?: string;
      message?: string;
      externalId?: string;
      source?: DeploymentSource;
      allowDestructive?: boolean;
    },
    limits?: CallLimits,
  ): Promise<Deployment>;
  listDeployments(page?: PageRequest & { externalId?: string | undefined }): Promise<Page<Deployment>>;
  getManifest(version: number, limits?: CallLimits): Promise<DeployedManifest>;
  /** The code of a bundle that a version names. */
  getBundle(hash: string, limits?: CallLimits): Promise<string>;
  /** What activating the version in place of another one (default: the active one) changes. */
  planVersion(version: number, options?: CallLimits & { from?: number | undefined }): Promise<Plan>;
  planRollback(version: number, options: CallLimits & { data: boolean }): Promise<RollbackPlan>;
  /** Answers when it is done; asked again it goes on. */
  rollBack(version: number, rollback: { baseVersion: number; data: boolean }, limits?: CallLimits): Promise<RolledBack>;
  activateDeployment(version: number, limits?: CallLimits): Promise<Deployment>;
}

export function createDeploymentsApi(http: HttpTransport): DeploymentsApi {
  return {
    planDeployment: (manifest, limits) =>
      http.call(
        {
          timeoutMs: deploymentTimeoutMs,
          ...limits,
          method: 'POST',
          path: ['deployments', 'plan'],
          body: { manifest },
          isRepeatable: true,
        },
        planSchema,
      ),
    async uploadBundle(hash, code, limits) {
      await http.call(
        {
          timeoutMs: deploymentTimeoutMs,
          ...limits,
          method: 'PUT',
          path: ['bundles', hash],
          body: code,
          contentType: 'text/plain',
        },
        anything,
      );
    },
    createDeployment: (deployment, limits) =>
      http.call(
        { timeoutMs: deploymentTimeoutMs, ...limits, method: 'POST', path: ['deployments'], body: deployment },
        deploymentSchema,
      ),
    listDeployments: ({ cursor, limit, externalId, ...limits } = {}) =>
      http.call(
        { ...limits, method: 'GET', path: ['deployments'], query: { cursor, limit, externalId } },
        pageOf(deploymentSchema),
      ),
    getManifest: (version, limits) =>
      http.call(
        { timeoutMs: deploymentTimeoutMs, ...limits, method: 'GET', path: [...versionPath(version), 'manifest'] },
        deployedManifestSchema,
      ),
    async getBundle(hash, limits) {
      const call = { timeoutMs: deploymentTimeoutMs, ...limits, method: 'GET' as const, path: ['bundles', hash] };
      return readText(await http.open({ ...call, accept: 'text/plain' }));
    },
    planVersion: (version, { from, ...limits } = {}) =>
      http.call(
        {
          timeoutMs: deploymentTimeoutMs,
          ...limits,
          method: 'GET',
          path: [...versionPath(version), 'plan'],
          query: { from },
        },
        planSchema,
      ),
    planRollback: (version, { data, ...limits }) =>
      http.call(
        {
          timeoutMs: deploymentTimeoutMs,
          ...limits,
          method: 'GET',
          path: [...versionPath(version), 'rollback'],
          query: { data },
        },
        rollbackPlanSchema,
      ),
    rollBack: (version, rollback, limits) =>
      http.call(
        {
          timeoutMs: rollbackTimeoutMs,
          ...limits,
          method: 'POST',
          path: [...versionPath(version), 'rollback'],
          body: rollback,
        },
        rolledBackSchema,
      ),
    activateDeployment: (version, limits) =>
      http.call({ ...limits, method: 'POST', path: ['deployments', String(version), 'activate'] }, deploymentSchema),
  };
}
