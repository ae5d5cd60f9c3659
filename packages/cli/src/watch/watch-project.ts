import { join, relative, sep } from 'node:path';
import { watch } from 'chokidar';

export interface FileChange {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
}

export interface ProjectWatch {
  /** Watches these files too: paths from the root. */
  follow(sources: ReadonlySet<string>): void;
  close(): Promise<void>;
}

/** Editors save a file in several steps; what comes this close together is one save. */
const debounceMs = 15;

const sourceExtension = /\.(?:[cm]?[jt]sx?|json|ya?ml)$/;

const watched = ['integrations', 'providers', 'tenon.config.ts', 'tsconfig.json'];

const isWatched = (path: string) => watched.some((name) => path === name || path.startsWith(`${name}/`));

/**
 * Watches what a deployment is made from. Resolves when changes are seen; then calls back with those of each save.
 * @param onChange gets the time of the first of them, in milliseconds of performance.now()
 */
export async function watchProject(
  root: string,
  onChange: (changes: readonly FileChange[], savedAtMs: number) => void,
): Promise<ProjectWatch> {
  const watcher = watch(
    watched.map((name) => join(root, name)),
    {
      ignoreInitial: true,
      // The drafts that editors and tools put beside a file while they save it are not sources.
      ignored: (path, stats) =>
        path.includes(`${sep}node_modules${sep}`) || (stats?.isFile() === true && !sourceExtension.test(path)),
    },
  );
  let waiting: FileChange[] = [];
  let savedAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const add = (kind: FileChange['kind']) => (file: string) => {
    if (waiting.length === 0) savedAtMs = performance.now();
    waiting.push({ kind, path: relative(root, file).split(sep).join('/') });
    clearTimeout(timer);
    timer = setTimeout(() => {
      const changes = waiting;
      waiting = [];
      onChange(changes, savedAtMs);
    }, debounceMs);
  };
  watcher.on('add', add('added')).on('change', add('changed')).on('unlink', add('removed'));
  // Too many watches (ENOSPC) and the like: the loop goes on, only saves are not seen; the ready event still comes.
  await new Promise<void>((resolve, reject) => {
    watcher.once('ready', resolve);
    watcher.once('error', reject);
  });
  const followed = new Set<string>();
  return {
    follow(sources) {
      const fresh = [...sources].filter((path) => !isWatched(path) && !followed.has(path));
      for (const path of fresh) followed.add(path);
      if (fresh.length > 0) watcher.add(fresh.map((path) => join(root, path)));
    },
    async close() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

/** Whether a change means that the project has to be read anew, and not only its scripts to be bundled. */
export function needsReload(change: FileChange): boolean {
  return change.kind !== 'changed' || (isWatched(change.path) && !change.path.startsWith('integrations/'));
}
