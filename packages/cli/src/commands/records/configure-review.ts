import { holdSchema } from '@tenon/runtime/contract';
import { Option } from 'commander';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { RecordsDecideFlags } from './run-records-decide.ts';
import type { RecordsHoldsFlags } from './run-records-holds.ts';
import type { RecordsQuarantineFlags } from './run-records-quarantine.ts';

/** The subcommands for what waits for somebody's decision: held deletions and the quarantine. */
export const configureReview: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.command('holds').description('list deletions that are held for approval, or show one'))
    .argument('[id]', 'show the records of this one', parseCount)
    .option('--integration <name>', 'only of this integration')
    .option('-c, --connection <id>', 'only of this connection')
    .addOption(
      new Option('--status <status>', 'only with this status')
        .choices(holdSchema.shape.status.options)
        .default('pending'),
    )
    .option('--limit <count>', 'how many at most', parseCount, 50)
    .action(async (id: number | undefined, flags: RecordsHoldsFlags) => {
      const { runRecordsHolds } = await import('./run-records-holds.ts');
      await runRecordsHolds(await getContext(), id, flags);
    });

  for (const decision of ['approve', 'discard'] as const) {
    const description = decision === 'approve' ? 'delete what is held' : 'keep what is held';
    addTargetOptions(command.command(decision).description(description))
      .argument('<id>', 'as `tenon records holds` shows it', parseCount)
      .option('-y, --yes', 'do not ask')
      .action(async (id: number, flags: RecordsDecideFlags) => {
        const { runRecordsDecide } = await import('./run-records-decide.ts');
        await runRecordsDecide(await getContext(), { id, decision }, flags);
      });
  }

  addTargetOptions(command.command('quarantine').description('list records that are not what their model says'))
    .option('--integration <name>', 'only of this integration')
    .option('-c, --connection <id>', 'only of this connection')
    .option('--model <name>', 'only of this model')
    .option('--limit <count>', 'how many at most', parseCount, 20)
    .option('--drop <id>', 'remove this one for good', parseCount)
    .action(async (flags: RecordsQuarantineFlags) => {
      const { runRecordsQuarantine } = await import('./run-records-quarantine.ts');
      await runRecordsQuarantine(await getContext(), flags);
    });

  addTargetOptions(command.command('replay').description('try the quarantined records of a sync again'))
    .argument('<integration/sync>', 'such as github/issues')
    .requiredOption('-c, --connection <id>', 'of which connection')
    .action(async (name: string, flags: TargetFlags & { connection: string }) => {
      const { runRecordsReplay } = await import('./run-records-replay.ts');
      await runRecordsReplay(await getContext(), name, flags);
    });
};
