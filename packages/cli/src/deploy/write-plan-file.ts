import { TenonError } from '@tenon/runtime/errors';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { writeFiles } from '../scaffold/write-files.ts';
import type { PreparedDeployment } from './prepare-deployment.ts';
import { checksumOf, planFileFormat } from './plan-file.ts';

/**
 * Keeps a plan with all that it needs to be deployed; whole, or not at all.
 * @throws TenonError `usage_invalid` when the file cannot be written
 */
export async function writePlanFile(
  { compiled, plan }: Pick<PreparedDeployment, 'compiled' | 'plan'>,
  { cwd, path, signal }: { cwd: string; path: string; signal: AbortSignal },
): Promise<void> {
  const content = {
    format: planFileFormat,
    plan,
    manifest: compiled.manifest,
    bundles: Object.fromEntries(compiled.bundles),
  } as const;
  const file = resolve(cwd, path);
  const text = `${JSON.stringify({ ...content, checksum: checksumOf(content) }, null, 1)}\n`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFiles(dirname(file), { changes: [{ path: basename(file), text, before: undefined }], signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new TenonError('usage_invalid', `The plan could not be written to ${path}.`, {
      hint: 'Name a file in a folder that can be written.',
      cause,
    });
  }
}
