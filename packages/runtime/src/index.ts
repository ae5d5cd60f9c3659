export { z } from 'zod';
export {
  defineAction,
  type ActionContext,
  type ActionDefinition,
  type ActionErrors,
  type ActionOptions,
} from './define/define-action.ts';
export { defineConfig, variable, type ProjectConfigInput } from './define/define-config.ts';
export {
  defineProviderHooks,
  type HookAuthorization,
  type HookContext,
  type HookRequestOptions,
  type HookToken,
  type NewHookToken,
  type ObtainTokenContext,
  type OutgoingRequest,
  type ProviderHooks,
  type ProviderHooksDefinition,
  type RenewTokenContext,
  type RequestChange,
  type TokenHookContext,
} from './define/define-provider-hooks.ts';
export { refuseCredentials } from './define/refuse-credentials.ts';
export {
  defineSync,
  type AirbagOptions,
  type CursorOptions,
  type DeletesOption,
  type ModelContract,
  type ModelOptions,
  type Models,
  type RetryOptions,
  type SyncDefinition,
  type SyncOptions,
  type WebhookEvent,
} from './define/define-sync.ts';
export type { Duration } from './define/duration.ts';
export type { ScheduleInput, ScheduleOptions } from './define/schedule.ts';
export type { RecordPatch, SyncContext, SyncRunContext } from './define/sync-context.ts';
export type { LockOptions, ScriptConnection, ScriptContext, ScriptLog } from './define/script-context.ts';
export type {
  PaginateOptions,
  ProviderResponse,
  QueryValue,
  RequestOptions,
  ScriptRequests,
} from './define/script-requests.ts';
export { TenonError, type ErrorCode } from './errors/index.ts';
