import type { ActiveCredential } from '@tenon/runtime/provider';
import type { DeployedProvider } from '../../deployments/deployed-provider.ts';
import type { CaptureStore } from '../../captures/capture-store.ts';
import type { RecordStore } from '../../records/record-store.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';

/** What the engine needs of the other rooms of the server to execute a run. */
export interface RunPorts {
  readonly workers: Pick<WorkerPool, 'execute'>;
  readonly records: RecordStore;
  readonly captures: CaptureStore;
  /** Values of the integration that requests of its provider name; all for hooks that change requests. */
  getRequestValues(request: {
    environmentId: number;
    integration: string;
    provider: DeployedProvider;
  }): Promise<Record<string, string>>;
  /** @throws TenonError `provider_unauthorized` when the provider refuses the connection's credentials */
  getActiveCredential(
    connectionId: number,
    options: { renew?: boolean; refused?: ActiveCredential | undefined; signal: AbortSignal },
  ): Promise<ActiveCredential>;
  /** A variable of the environment, for a script that asks. */
  readVariable(variable: { environmentId: number; name: string }): Promise<string | undefined>;
  /** After a run was refused: whether its connection is, and not only the one call. Notes it with the connection. */
  confirmRefusal(connectionId: number, options: { signal: AbortSignal }): Promise<'refused' | 'accepted' | 'unknown'>;
}
