import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { confirmOrStop } from '../confirm-or-stop.ts';
import { parsePair } from '../parse-pair.ts';
import { parseTime } from '../parse-time.ts';

export interface RecordsPruneFlags extends TargetFlags {
  readonly connection: string;
  readonly deletedBefore?: string;
  readonly updatedBefore?: string;
  readonly yes?: boolean;
}

/** Removes records for good, after asking. */
export async function runRecordsPrune(context: CommandContext, name: string, flags: RecordsPruneFlags): Promise<void> {
  const { output, signal } = context;
  const [integration, model] = parsePair(name, '<integration>/<model>');
  const { deletedBefore, updatedBefore } = flags;
  if (deletedBefore === undefined && updatedBefore === undefined) {
    throw new TenonError('usage_invalid', 'Which records are meant?', {
      hint: 'Pass --deleted-before <time>, --updated-before <time>, or both.',
    });
  }
  const which = {
    ...(deletedBefore !== undefined && { deletedBefore: parseTime(deletedBefore, '--deleted-before') }),
    ...(updatedBefore !== undefined && { updatedBefore: parseTime(updatedBefore, '--updated-before') }),
  };
  await withServer(context, flags, async (server) => {
    if (!flags.yes) await confirmOrStop(context, `Remove records of ${name} and their history for good?`);
    const ref = { integration, model, connection: flags.connection };
    const { pruned } = await server.pruneRecords(ref, which, { signal });
    output.line(`${output.colors.green('✓')} ${pruned} records are removed.`);
    output.result({ pruned });
  });
}
