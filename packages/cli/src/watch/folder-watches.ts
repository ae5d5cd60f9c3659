import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/**
 * Watches of the operating system, one a folder. They only say that something happened, and where; what it was is
 * found out by looking, so that no event that is lost, doubled or wrongly named can do harm.
 */
export class FolderWatches {
  readonly #onHint: (path: string | undefined) => void;
  readonly #watches = new Map<string, { identity: string; watcher: FSWatcher }>();
  #isLimited = false;

  /** @param onHint gets the absolute path, where it is known */
  constructor(onHint: (path: string | undefined) => void) {
    this.#onHint = onHint;
  }

  /** Whether the system refused a watch (ENOSPC, EMFILE, a file system without events): then only looking helps. */
  get isLimited(): boolean {
    return this.#isLimited;
  }

  /**
   * Watches these folders and no others.
   * @returns whether a watch was added: what happened before it was is only seen by looking again
   */
  update(folders: ReadonlyMap<string, string>): boolean {
    for (const [folder, { identity }] of this.#watches) {
      // A folder that was removed and made anew is another one, although it has the same name.
      if (folders.get(folder) !== identity) this.#unwatch(folder);
    }
    let isAdded = false;
    for (const [folder, identity] of folders) {
      if (!this.#watches.has(folder)) isAdded = this.#watch(folder, identity) || isAdded;
    }
    return isAdded;
  }

  close(): void {
    for (const folder of this.#watches.keys()) this.#unwatch(folder);
  }

  #watch(folder: string, identity: string): boolean {
    try {
      const watcher = watch(folder, (_event, name) => this.#onHint(name === null ? undefined : join(folder, name)));
      watcher.on('error', () => {
        this.#unwatch(folder);
        this.#onHint(undefined);
      });
      this.#watches.set(folder, { identity, watcher });
      return true;
    } catch (error) {
      // It may have gone since it was looked at, which is no limit.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) this.#isLimited = true;
      return false;
    }
  }

  #unwatch(folder: string): void {
    this.#watches.get(folder)?.watcher.close();
    this.#watches.delete(folder);
  }
}
