import type { Health, Whoami } from '@tenon/runtime/contract';
import type { CallLimits } from './call-limits.ts';
import type { ConnectionsApi } from './resources/connections-api.ts';
import type { DeploymentsApi } from './resources/deployments-api.ts';
import type { DeviceLoginApi } from './resources/device-login-api.ts';
import type { EnvironmentsApi } from './resources/environments-api.ts';
import type { KeysApi } from './resources/keys-api.ts';
import type { RecordsApi } from './resources/records-api.ts';
import type { RunsApi } from './resources/runs-api.ts';
import type { SyncsApi } from './resources/syncs-api.ts';
import type { WebhooksApi } from './resources/webhooks-api.ts';

/** The routes of a Tenon server that the command line uses. Every method throws TenonError. */
export interface ApiClient
  extends
    ConnectionsApi,
    DeploymentsApi,
    DeviceLoginApi,
    EnvironmentsApi,
    KeysApi,
    RecordsApi,
    RunsApi,
    SyncsApi,
    WebhooksApi {
  readonly url: string;
  whoami(limits?: CallLimits): Promise<Whoami>;
  /** The process answers. */
  getHealth(limits?: CallLimits): Promise<Health>;
  /** Its database answers too. @throws TenonError `unavailable` */
  getReady(limits?: CallLimits): Promise<Health>;
  /** Closes kept connections, so that nothing keeps the process alive. */
  close(): void;
}
