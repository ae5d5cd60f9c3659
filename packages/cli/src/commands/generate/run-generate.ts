import { relative, resolve } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../../command-context.ts';
import { compileProject } from '../../compile/compile-project.ts';
import { emitSdk } from '../../generate/emit-sdk.ts';
import { compareSdk, writeSdk } from '../../generate/write-sdk.ts';
import { loadProject } from '../../project/load-project.ts';

export interface GenerateFlags {
  /** From the current folder; the config's is from the project's root. */
  readonly out?: string;
  readonly check?: boolean;
}

/**
 * Writes the typed SDK of the project.
 * @throws TenonError `sdk_stale` with --check when it is not up to date
 */
export async function runGenerate(
  { cwd, output, signal }: Pick<CommandContext, 'cwd' | 'output' | 'signal'>,
  flags: GenerateFlags,
): Promise<void> {
  const progress = output.progress('Generating');
  try {
    const project = await loadProject(cwd);
    const directory = flags.out === undefined ? resolve(project.root, project.config.sdk.out) : resolve(cwd, flags.out);
    const compiled = await compileProject(project, { signal });
    const { importExtension } = project.config.sdk;
    const files = await emitSdk(compiled.manifest, { importExtension });
    signal.throwIfAborted();
    const changes = flags.check ? await compareSdk(directory, files) : await writeSdk(directory, files, { signal });
    progress.stop();
    const isCurrent = changes.written.length === 0 && changes.removed.length === 0;
    const shown = relative(cwd, directory) || '.';
    if (flags.check && !isCurrent) {
      throw new TenonError('sdk_stale', `The SDK in ${shown} is not what the project declares now.`, {
        hint: 'Run `tenon generate` and commit what it writes.',
        details: { directory, stale: changes.written, superfluous: changes.removed },
      });
    }
    const removed = changes.removed.length > 0 ? `, ${changes.removed.length} removed` : '';
    output.line(
      isCurrent
        ? `The SDK in ${shown} is up to date.`
        : `${output.colors.green('✓')} SDK written to ${shown}: ${changes.written.length} of ${files.length} files${removed}.`,
    );
    output.result({ directory, ...changes });
  } finally {
    progress.stop();
  }
}
