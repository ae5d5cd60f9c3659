import { relative, sep } from 'node:path';
import { FolderWatches } from './folder-watches.ts';
import { isInSourceFolder, scanSources, type FileStamp, type SourceScan } from './scan-sources.ts';

export interface FileChange {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
}

export interface ProjectWatch {
  /**
   * Watches these files too: paths from the root, which need not exist.
   * @param readAtMs when they were read, in milliseconds since 1970: what changed since is a change
   */
  follow(sources: Iterable<string>, readAtMs?: number): void;
  close(): Promise<void>;
}

/** Editors save a file in several steps; what comes this close together is one save. */
const settleMs = 15;

/** Saves that never pause are built at least this often. */
const longestMs = 250;

/** Editors and git remove a file before they write it anew: that it is gone is believed after this. */
const removalMs = 120;

/** Also without any event: some file systems (of containers, of networks) send none. */
const lookMs = 2_000;
const limitedLookMs = 400;

/** A change this close to a look may have happened after it, with the same time: clocks of file systems are coarse. */
const clockMs = 10;

/**
 * Watches what a deployment is made from. The system's events only say when to look: changes are what differs from the
 * look before, so the last content of a file is always seen, however it was written. (chokidar, which would be the
 * obvious library, drops a change that follows another one of its file within 50 ms.)
 * @param onChange gets the time of the first sign of them, in milliseconds of performance.now()
 */
export async function watchProject(
  root: string,
  onChange: (changes: readonly FileChange[], savedAtMs: number) => void,
): Promise<ProjectWatch> {
  const watch = new SourceWatch(root, onChange);
  watch.start();
  return watch;
}

class SourceWatch implements ProjectWatch {
  readonly #root: string;
  readonly #onChange: (changes: readonly FileChange[], savedAtMs: number) => void;
  readonly #watches = new FolderWatches((path) => this.#hint(path));
  readonly #followed = new Set<string>();
  #files: ReadonlyMap<string, FileStamp> = new Map();
  #lookedAtMs = Date.now();
  /** Files that a sign named since the last look. */
  #named = new Set<string>();
  #firstSignMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;

  constructor(root: string, onChange: (changes: readonly FileChange[], savedAtMs: number) => void) {
    this.#root = root;
    this.#onChange = onChange;
  }

  start(): void {
    this.#files = this.#scan().files;
    this.#looking = setInterval(() => this.#hint(undefined), this.#watches.isLimited ? limitedLookMs : lookMs);
    this.#looking.unref();
  }

  follow(sources: Iterable<string>, readAtMs = Number.POSITIVE_INFINITY): void {
    const fresh = [...sources].filter((path) => !this.#followed.has(path) && !this.#files.has(path));
    if (fresh.length === 0) return;
    for (const path of fresh) this.#followed.add(path);
    const { files } = this.#scan();
    const known = new Map(this.#files);
    for (const path of fresh) {
      const stamp = files.get(path);
      if (stamp === undefined) continue;
      // One that changed since it was read differs from what is known of it, and is found by the next look.
      const isRead = stamp.changedAtMs < readAtMs - clockMs;
      known.set(path, isRead ? stamp : { stamp: 'as it was read', changedAtMs: 0 });
    }
    this.#files = known;
    this.#hint(undefined);
  }

  close(): Promise<void> {
    clearTimeout(this.#timer);
    clearInterval(this.#looking);
    this.#watches.close();
    return Promise.resolve();
  }

  #hint(path: string | undefined): void {
    if (path !== undefined) this.#named.add(relative(this.#root, path).split(sep).join('/'));
    const nowMs = performance.now();
    this.#firstSignMs ??= nowMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#look(),
      Math.min(settleMs, Math.max(0, this.#firstSignMs + longestMs - nowMs)),
    );
  }

  #look(): void {
    const lookedAtMs = Date.now();
    const { files } = this.#scan();
    const changes = this.#compare(files);
    const firstSignMs = this.#firstSignMs ?? performance.now();
    const waitedMs = performance.now() - firstSignMs;
    if (waitedMs < removalMs && changes.some(({ kind }) => kind === 'removed')) {
      this.#timer = setTimeout(() => this.#look(), removalMs - waitedMs);
      return;
    }
    this.#files = files;
    this.#lookedAtMs = lookedAtMs;
    this.#named = new Set();
    this.#firstSignMs = undefined;
    if (changes.length > 0) this.#onChange(changes, firstSignMs);
  }

  #compare(files: ReadonlyMap<string, FileStamp>): FileChange[] {
    const changes: FileChange[] = [];
    for (const [path, file] of files) {
      const before = this.#files.get(path);
      const mayBeNew = this.#named.has(path) && file.changedAtMs > this.#lookedAtMs - clockMs;
      if (before === undefined) changes.push({ kind: 'added', path });
      else if (before.stamp !== file.stamp || mayBeNew) changes.push({ kind: 'changed', path });
    }
    for (const path of this.#files.keys()) if (!files.has(path)) changes.push({ kind: 'removed', path });
    return changes;
  }

  /** Looks until nothing can have happened in a folder before it was watched. */
  #scan(): SourceScan {
    let scan = scanSources(this.#root, this.#followed);
    while (this.#watches.update(scan.folders)) scan = scanSources(this.#root, this.#followed);
    return scan;
  }
}

/** Whether a change means that the project has to be read anew, and not only its scripts to be bundled. */
export function needsReload(change: FileChange): boolean {
  if (change.kind !== 'changed') return true;
  if (isInSourceFolder(change.path)) return !change.path.startsWith('integrations/');
  return projectFiles.has(change.path) || change.path.startsWith('node_modules/');
}

const projectFiles = new Set(['tenon.config.ts', 'tsconfig.json', 'package.json']);

/** The variables of the project's own server. */
export const environmentFileName = '.env';
