import { relative, resolve, sep } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
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

/**
 * It is looked again this long after the last event: chokidar hands on no change of a file within 50 ms of another one,
 * and nothing of a folder that has just come before it has read it.
 */
const settledMs = [120, 1_000];

/** Between two looks of chokidar where the system has no events to give. */
const pollMs = 400;

/** A change this close to a look may have happened after it, with the same time: clocks of file systems are coarse. */
const clockMs = 10;

/**
 * Watches what a deployment is made from. chokidar's events only say when to look: changes are what differs from the
 * look before, so the last content of a file is always seen, however it was written, and an event that is lost, doubled
 * or wrongly named does no harm.
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
  readonly #followed = new Set<string>();
  #files: ReadonlyMap<string, FileStamp> = new Map();
  #lookedAtMs = Date.now();
  /** Files that a sign named since the last look. */
  #named = new Set<string>();
  #firstSignMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout[] = [];
  #watcher: FSWatcher | undefined;
  /** What the watcher was opened for. */
  #folders: ReadonlyMap<string, string> = new Map();
  #isPolling = false;

  constructor(root: string, onChange: (changes: readonly FileChange[], savedAtMs: number) => void) {
    this.#root = root;
    this.#onChange = onChange;
  }

  start(): void {
    this.#files = this.#scan().files;
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
    this.#lookSoon();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopSettling();
    await this.#watcher?.close();
  }

  /**
   * Something happened.
   * @param path where, absolute, when the system has only just said so
   */
  #wake(path?: string): void {
    if (path !== undefined) this.#named.add(relative(this.#root, path).split(sep).join('/'));
    this.#lookSoon();
    this.#stopSettling();
    this.#settling = settledMs.map((ms) => setTimeout(() => this.#lookSoon(), ms));
  }

  #stopSettling(): void {
    for (const timer of this.#settling) clearTimeout(timer);
    this.#settling = [];
  }

  #lookSoon(): void {
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

  #scan(): SourceScan {
    const scan = scanSources(this.#root, this.#followed);
    if (!isSame(scan.folders, this.#folders)) this.#open(scan.folders);
    return scan;
  }

  /**
   * Watches these folders and no others. A folder that was made anew has another identity, and is another folder to the
   * system: whoever goes on watching its name hears nothing.
   */
  #open(folders: ReadonlyMap<string, string>): void {
    void this.#watcher?.close();
    this.#folders = folders;
    const watcher = watch([...folders.keys()], {
      depth: 0,
      ignoreInitial: true,
      ignored: (path, stats) => stats?.isDirectory() === true && !folders.has(resolve(path)),
      // Both are decided by looking.
      atomic: false,
      awaitWriteFinish: false,
      ...(this.#isPolling && { usePolling: true, interval: pollMs }),
    });
    watcher.on('all', () => this.#wake());
    // As the system says it: also of a file that kept its time, which is no change to chokidar.
    watcher.on('raw', (_kind, name, about) => this.#wake(placeOf(name, about)));
    // What happened before it watched.
    watcher.on('ready', () => this.#wake());
    // The system has no watches left (ENOSPC, EMFILE), or none to give for this file system.
    watcher.on('error', () => {
      if (this.#isPolling || this.#watcher !== watcher) return;
      this.#isPolling = true;
      this.#open(this.#folders);
    });
    this.#watcher = watcher;
  }
}

/** The file that an event of a folder is about. */
function placeOf(name: string | null, about: unknown): string | undefined {
  const { watchedPath } = about as { watchedPath?: string };
  return name === null || watchedPath === undefined ? undefined : resolve(watchedPath, name);
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([folder, identity]) => other.get(folder) === identity);
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
