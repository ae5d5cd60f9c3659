import type { ActiveCredential } from '@tenon/runtime/provider';
import type { RecordStore } from '../../records/record-store.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';

/** What the engine needs of the other rooms of the server to execute a run. */
export interface RunPorts {
  readonly workers: Pick<WorkerPool, 'execute'>;
  readonly records: RecordStore;
  /** @throws TenonError `provider_unauthorized` when the provider refuses the connection's credentials */
  getActiveCredential(
    connectionId: number,
    options: { renew?: boolean; signal: AbortSignal },
  ): Promise<ActiveCredential>;
}
