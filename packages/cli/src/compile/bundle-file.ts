import { build } from 'esbuild';
import { createBuildOptions } from './build-options.ts';
import { createBundleError } from './bundle-error.ts';
import { finishBundle, type FinishedBundle } from './finish-bundle.ts';

/**
 * Bundles one file of a project by itself.
 * @param source path from the root with forward slashes
 * @throws TenonError `bundle_failed` or `native_module`
 */
export async function bundleFile(root: string, source: string): Promise<FinishedBundle> {
  try {
    const result = await build({ ...createBuildOptions(root), entryPoints: [source] });
    return finishBundle(result, { root, source });
  } catch (error) {
    throw createBundleError(error);
  }
}
