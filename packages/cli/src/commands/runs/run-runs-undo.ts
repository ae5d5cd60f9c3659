import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { confirmOrStop } from '../confirm-or-stop.ts';

export interface RunsUndoFlags extends TargetFlags {
  readonly yes?: boolean;
}

/** Takes back what a run changed, after asking. */
export async function runRunsUndo(context: CommandContext, id: string, flags: RunsUndoFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const run = await server.getRun(id, { signal });
    if (!flags.yes) {
      const { added, updated, deleted } = run.counts;
      const did = `${added} added, ${updated} updated, ${deleted} deleted`;
      await confirmOrStop(context, `Undo the run of ${run.integration}/${run.function} (${did})?`);
    }
    const undone = await server.undoRun(id, { signal });
    output.line(`${output.colors.green('✓')} ${undone.restored} records are as before, ${undone.deleted} are deleted.`);
    if (undone.skipped > 0) {
      output.note(`${undone.skipped} were left: a later run changed them, or their version is not kept any more.`);
    }
    output.result(undone);
  });
}
