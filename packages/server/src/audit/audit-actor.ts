import type { AuditEntry } from '@tenon/runtime/contract';

/** Who asks, and in which environment. */
export interface AuditActor {
  readonly environmentId: number;
  readonly kind: AuditEntry['actor']['kind'];
  readonly id: string | null;
  readonly name: string | null;
}
