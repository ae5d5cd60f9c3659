import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { confirmOrStop } from '../confirm-or-stop.ts';

/** Deletes a preview, after asking. One that is gone already is no failure: a pull request may be closed twice. */
export async function runEnvironmentsDelete(
  context: CommandContext,
  name: string,
  flags: TargetFlags & { readonly yes?: boolean },
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    if (flags.yes !== true) {
      await confirmOrStop(context, `Delete ${name} with its records, runs, connections and versions?`);
    }
    const wasThere = await deleteIfThere(() => server.deleteEnvironment(name, { signal }));
    output.line(
      wasThere
        ? `${output.colors.green('✓')} ${name} is deleted; what it has is removed in the background.`
        : `${name} is gone already.`,
    );
    output.result({ deleted: name, wasThere });
  });
}

async function deleteIfThere(remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    if (error instanceof TenonError && error.code === 'preview_unknown') return false;
    throw error;
  }
}
