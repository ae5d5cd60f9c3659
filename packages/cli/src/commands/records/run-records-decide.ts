import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { confirmOrStop } from '../confirm-or-stop.ts';

export interface RecordsDecideFlags extends TargetFlags {
  readonly yes?: boolean;
}

/** Approves held deletions, after asking, or discards them. */
export async function runRecordsDecide(
  context: CommandContext,
  { id, decision }: { id: number; decision: 'approve' | 'discard' },
  flags: RecordsDecideFlags,
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    if (decision === 'discard') {
      const discarded = await server.discardHold(id, { signal });
      output.line(`${output.colors.green('✓')} The ${discarded.hold.records} records stay.`);
      output.result(discarded);
      return;
    }
    const { hold } = await server.getHold(id, { limit: 1, signal });
    if (!flags.yes) {
      const what = `${hold.records} of ${hold.liveRecords} ${hold.model} of ${hold.integration}/${hold.connection}`;
      await confirmOrStop(context, `Delete ${what}?`);
    }
    const approved = await server.approveHold(id, { signal });
    const kept = hold.records - approved.deleted;
    const rest = kept === 0 ? '' : `; ${kept} had changed since, or were deleted already`;
    output.line(`${output.colors.green('✓')} ${approved.deleted} records are deleted${rest}.`);
    output.result(approved);
  });
}
