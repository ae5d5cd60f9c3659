import {
  apiKeySchema,
  auditEntrySchema,
  createdApiKeySchema,
  keyRotationSchema,
  pageOf,
  type ApiKey,
  type AuditEntry,
  type CreateApiKey,
  type CreatedApiKey,
  type KeyRotation,
  type Page,
} from '@tenon/runtime/contract';
import { limitsOf, type CallLimits, type PageRequest } from '../call-limits.ts';
import { anything, type HttpTransport } from '../http-transport.ts';

/** The routes of keys, and what was done with them. */
export interface KeysApi {
  listKeys(page?: PageRequest): Promise<Page<ApiKey>>;
  createKey(key: CreateApiKey, limits?: CallLimits): Promise<CreatedApiKey>;
  revokeKey(id: number, limits?: CallLimits): Promise<void>;
  getEncryption(limits?: CallLimits): Promise<KeyRotation>;
  rotateEncryption(limits?: CallLimits): Promise<KeyRotation>;
  listAuditLog(
    page?: PageRequest & {
      action?: string | undefined;
      subject?: string | undefined;
      /** ISO 8601. */
      from?: string | undefined;
      to?: string | undefined;
    },
  ): Promise<Page<AuditEntry>>;
}

export function createKeysApi(http: HttpTransport): KeysApi {
  return {
    listKeys: ({ cursor, limit, ...limits } = {}) =>
      http.call({ ...limits, method: 'GET', path: ['keys'], query: { cursor, limit } }, pageOf(apiKeySchema)),
    createKey: (key, limits) =>
      http.call({ ...limits, method: 'POST', path: ['keys'], body: key }, createdApiKeySchema),
    async revokeKey(id, limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['keys', String(id)] }, anything);
    },
    getEncryption: (limits) => http.call({ ...limits, method: 'GET', path: ['keys', 'encryption'] }, keyRotationSchema),
    rotateEncryption: (limits) =>
      http.call({ ...limits, method: 'POST', path: ['keys', 'encryption', 'rotate'] }, keyRotationSchema),
    listAuditLog: ({ signal, timeoutMs, ...query } = {}) =>
      http.call(
        { ...limitsOf(signal, timeoutMs), method: 'GET', path: ['audit-log'], query },
        pageOf(auditEntrySchema),
      ),
  };
}
