import { sql } from 'kysely';
import type { ConnectionExpiry, ConnectionProblem, EndUser } from '@tenon/runtime/contract';

/** What events tell of a connection: `eventColumns` of `c` (connections). */
export interface EventRow {
  readonly environment_id: number;
  readonly integration: string;
  readonly name: string;
  readonly end_user: EndUser | null;
  readonly metadata: Record<string, unknown>;
  readonly state: 'active' | 'auth_failed';
  readonly problem: ConnectionProblem | null;
  readonly expiry: ConnectionExpiry | null;
}

export const eventColumns = sql`c.environment_id, c.integration, c.name, c.end_user, c.metadata, c.state, c.problem,
  c.expiry`;
