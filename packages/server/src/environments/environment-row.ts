import type { BorrowedConnection, Environment } from '@tenon/runtime/contract';

/** An environment as the queries of this room read it. */
export interface EnvironmentRow {
  readonly id: number;
  readonly name: string;
  readonly parent_id: number | null;
  readonly parent: string | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly ttl_ms: number | null;
  readonly allows_writes: boolean;
  readonly active_version: number;
  readonly borrowed: BorrowedConnection[];
}

/** An environment as the API shows it. */
export function toEnvironment(row: EnvironmentRow): Environment {
  return {
    name: row.name,
    kind: row.parent_id === null ? 'standard' : 'preview',
    parent: row.parent,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    ttlMs: row.ttl_ms,
    allowWrites: row.allows_writes,
    activeVersion: row.active_version,
    borrowed: row.borrowed,
  };
}
