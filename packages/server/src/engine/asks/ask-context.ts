import type { Kysely } from 'kysely';
import type { ActiveCredential } from '@tenon/runtime/provider';
import type { Schema } from '../../database/schema.ts';
import type { ActionCall } from '../runs/call-action.ts';
import type { SyncTrigger } from '../runs/trigger-sync.ts';

/** What the answers to scripts' questions are made of. */
export interface AskContext {
  readonly database: Kysely<Schema>;
  /** undefined: it is not set. */
  readVariable(variable: { environmentId: number; name: string }): Promise<string | undefined>;
  getActiveCredential(connectionId: number, options: { signal: AbortSignal }): Promise<ActiveCredential>;
  callAction(call: ActionCall): Promise<{ output?: unknown }>;
  triggerSync(trigger: SyncTrigger): Promise<{ run: { id: string } }>;
}
