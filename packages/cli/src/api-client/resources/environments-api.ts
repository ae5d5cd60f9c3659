import {
  createdEnvironmentSchema,
  environmentSchema,
  pageOf,
  storedPreviewSchema,
  variableSchema,
  type CreateEnvironment,
  type CreatedEnvironment,
  type Environment,
  type ExtendPreview,
  type Page,
  type PutPreview,
  type StoredPreview,
  type Variable,
} from '@tenon/runtime/contract';
import type { CallLimits, PageRequest } from '../call-limits.ts';
import { anything, type HttpTransport } from '../http-transport.ts';

/** The routes of environments and their variables. */
export interface EnvironmentsApi {
  /** The key's environment, and its previews. */
  listEnvironments(page?: PageRequest): Promise<Page<Environment>>;
  getEnvironment(name: string, limits?: CallLimits): Promise<Environment>;
  /** Makes a preview, or changes it; safe to repeat. */
  putPreview(name: string, preview: PutPreview, limits?: CallLimits): Promise<StoredPreview>;
  extendPreview(name: string, extension: ExtendPreview, limits?: CallLimits): Promise<Environment>;
  deleteEnvironment(name: string, limits?: CallLimits): Promise<void>;
  /** One that stays. */
  createEnvironment(environment: CreateEnvironment, limits?: CallLimits): Promise<CreatedEnvironment>;
  listVariables(page?: PageRequest): Promise<Page<Variable>>;
  putVariable(name: string, value: string, limits?: CallLimits): Promise<Variable>;
  deleteVariable(name: string, limits?: CallLimits): Promise<void>;
}

export function createEnvironmentsApi(http: HttpTransport): EnvironmentsApi {
  return {
    listEnvironments: ({ cursor, limit, ...limits } = {}) =>
      http.call(
        { ...limits, method: 'GET', path: ['environments'], query: { cursor, limit } },
        pageOf(environmentSchema),
      ),
    getEnvironment: (name, limits) =>
      http.call({ ...limits, method: 'GET', path: ['environments', name] }, environmentSchema),
    putPreview: (name, body, limits) =>
      http.call({ ...limits, method: 'PUT', path: ['environments', name], body }, storedPreviewSchema),
    extendPreview: (name, body, limits) =>
      http.call({ ...limits, method: 'POST', path: ['environments', name, 'extend'], body }, environmentSchema),
    async deleteEnvironment(name, limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['environments', name] }, anything);
    },
    createEnvironment: (body, limits) =>
      http.call({ ...limits, method: 'POST', path: ['environments'], body }, createdEnvironmentSchema),
    listVariables: ({ cursor, limit, ...limits } = {}) =>
      http.call({ ...limits, method: 'GET', path: ['variables'], query: { cursor, limit } }, pageOf(variableSchema)),
    putVariable: (name, value, limits) =>
      http.call({ ...limits, method: 'PUT', path: ['variables', name], body: { value } }, variableSchema),
    async deleteVariable(name, limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['variables', name] }, anything);
    },
  };
}
