import type { EngineRoom } from '../../../packages/server/src/engine/testing/engine-room.ts';
import type { Row } from './storm-syncs.ts';

export interface StoredState {
  readonly live: ReadonlyMap<string, Row>;
  readonly datasetId: number | undefined;
  readonly liveCount: number;
  /** The last position given out. */
  readonly position: number;
  /** The highest position of a record. */
  readonly highest: number;
  /** What is in quarantine, by id. */
  readonly quarantined: ReadonlyMap<string, unknown>;
  /** Positions that several records bear. */
  readonly shared: number;
}

/** What a connection's dataset holds, read with one statement. */
export async function readStoredState(room: EngineRoom, connectionId: number): Promise<StoredState> {
  const { rows } = await room.pool.query<{
    id: string;
    live_count: string;
    position: string;
    highest: string | null;
    shared: string;
    live: Row[] | null;
    quarantined: Array<{ id: string; value: unknown }> | null;
  }>(
    `select d.id, d.live_count, d.position, max(r.position) as highest,
      count(r.position) - count(distinct r.position) as shared,
      json_agg(r.data order by r.external_id) filter (where r.deleted_at is null and r.external_id is not null) as live,
      (select json_agg(q.data) from quarantine q where q.dataset_id = d.id) as quarantined
    from datasets d left join records r on r.dataset_id = d.id
    where d.connection_id = $1 group by d.id`,
    [connectionId],
  );
  const [row] = rows;
  return {
    live: new Map((row?.live ?? []).map((data) => [data.id, data])),
    quarantined: new Map((row?.quarantined ?? []).map((data) => [data.id, data])),
    datasetId: row && Number(row.id),
    liveCount: Number(row?.live_count ?? 0),
    position: Number(row?.position ?? 0),
    highest: Number(row?.highest ?? 0),
    shared: Number(row?.shared ?? 0),
  };
}
