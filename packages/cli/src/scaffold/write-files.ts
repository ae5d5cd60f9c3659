import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileChange } from './plan-files.ts';

export interface WrittenFiles {
  /** Puts everything back as it was. */
  undo(): Promise<void>;
}

/**
 * Writes all files or none. They are written to a folder beside their places first. A new project is then moved as a
 * whole, in one step that even a kill cannot halve; in a folder that exists, each file is moved, and an abort or an
 * error moves everything back.
 * @throws the signal's reason when it is aborted, and what the file system throws; nothing is left then
 */
export async function writeFiles(
  root: string,
  { changes, signal }: { changes: readonly FileChange[]; signal: AbortSignal },
): Promise<WrittenFiles> {
  signal.throwIfAborted();
  const isNew = !existsSync(root);
  const anchor = isNew ? findExistingParent(root) : root;
  const staging = await mkdtemp(join(anchor, '.tenon-init-'));
  const undoSteps: Array<() => Promise<void>> = [];
  const undo = async () => {
    for (const step of undoSteps.splice(0).toReversed()) await step();
  };
  try {
    for (const change of changes) {
      await mkdir(dirname(join(staging, change.path)), { recursive: true });
      await writeFile(join(staging, change.path), change.text, { signal });
    }
    signal.throwIfAborted();
    if (isNew) {
      await makeFolder(dirname(root), undoSteps);
      await rename(staging, root);
      undoSteps.push(() => rm(root, { recursive: true, force: true }));
    } else {
      for (const change of changes) {
        signal.throwIfAborted();
        await moveIntoPlace(change, { root, staging, undoSteps });
      }
    }
    signal.throwIfAborted();
    return { undo };
  } catch (error) {
    await undo();
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function moveIntoPlace(
  change: FileChange,
  { root, staging, undoSteps }: { root: string; staging: string; undoSteps: Array<() => Promise<void>> },
): Promise<void> {
  const target = join(root, change.path);
  await makeFolder(dirname(target), undoSteps);
  await rename(join(staging, change.path), target);
  const { before } = change;
  undoSteps.push(() => (before === undefined ? rm(target, { force: true }) : writeFile(target, before)));
}

/** Makes a folder and those above it; undoing removes the ones that were made and are empty. */
async function makeFolder(folder: string, undoSteps: Array<() => Promise<void>>): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolder(dirname(folder), undoSteps);
  await mkdir(folder, { recursive: true });
  undoSteps.push(() => removeIfEmpty(folder));
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    // Somebody else put something there meanwhile: it is theirs.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'ENOENT')))
      throw error;
  }
}

function findExistingParent(folder: string): string {
  const parent = dirname(folder);
  return existsSync(parent) || parent === folder ? parent : findExistingParent(parent);
}
