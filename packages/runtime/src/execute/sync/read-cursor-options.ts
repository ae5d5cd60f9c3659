import type { SyncManifest } from '../../contract/manifest.ts';
import type { CursorOptions } from '../../define/define-sync.ts';
import { parseDuration } from '../../define/duration.ts';

/** The cursor's options as the manifest has them. */
export function readCursorOptions(options: CursorOptions | undefined): SyncManifest['cursor'] {
  if (!options) return null;
  return {
    field: options.field,
    initial: options.initial ?? null,
    order: options.order ?? 'unordered',
    lagMs: options.lag === undefined ? 0 : parseDuration(options.lag),
  };
}
