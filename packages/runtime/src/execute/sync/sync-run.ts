import type { SyncManifest } from '../../contract/manifest.ts';
import type { SyncDefinition } from '../../define/define-sync.ts';
import type { ScriptContext } from '../../define/script-context.ts';
import type { SyncEnvironment } from '../script-environment.ts';
import type { ModelReaders } from './model-reader.ts';
import type { PageSender } from './page-sender.ts';
import type { QuarantineQuota } from './quarantine-quota.ts';

/** What the parts of one run of a sync share. */
export interface SyncRun {
  readonly definition: SyncDefinition;
  readonly environment: SyncEnvironment;
  readonly mode: NonNullable<SyncEnvironment['mode']>;
  readonly settings: unknown;
  /** null: the sync has none, or this is no enumeration that could move it. */
  readonly cursorOptions: SyncManifest['cursor'];
  readonly readers: ModelReaders;
  readonly sender: PageSender;
  readonly quota: QuarantineQuota;
  /** Unix time in milliseconds when this attempt began. */
  readonly startMs: number;
  /** What scripts have without records; its requests are not observed. */
  readonly base: ScriptContext;
}
