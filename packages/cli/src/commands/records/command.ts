import { exportFormatSchema } from '@tenon/runtime/contract';
import { Option, type Command } from 'commander';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import { configureReview } from './configure-review.ts';
import type { RecordsExportFlags } from './run-records-export.ts';
import type { RecordsGetFlags } from './run-records-get.ts';
import type { RecordsHistoryFlags } from './run-records-history.ts';
import type { RecordsListFlags } from './run-records-list.ts';
import type { RecordsPruneFlags } from './run-records-prune.ts';

export const configureRecords: ConfigureCommand = (command, getContext) => {
  const ofModel = (name: string, description: string, options: { isDefault?: boolean } = {}): Command =>
    addTargetOptions(
      command.command(name, options).description(description).argument('<integration/model>', 'such as github/Issue'),
    ).requiredOption('-c, --connection <id>', 'of which connection');

  addSelectionOptions(ofModel('list', 'list records, or follow their changes', { isDefault: true }))
    .option('--limit <count>', 'how many at most (default: 100)', parseCount)
    .option('--all', 'every record')
    .option('-f, --follow', 'print changes as they come, also after restarts of the server')
    .option('--cursor <cursor>', 'with --follow: where to begin (default: from the start)')
    .option('--paths', 'with --follow: say which fields changed')
    .action(async (name: string, flags: RecordsListFlags) => {
      const context = await getContext();
      if (flags.follow) {
        const { runRecordsFollow } = await import('./run-records-follow.ts');
        await runRecordsFollow(context, name, flags);
      } else {
        const { runRecordsList } = await import('./run-records-list.ts');
        await runRecordsList(context, name, flags);
      }
    });

  ofModel('get', 'show one record')
    .argument('<id>', "the record's id")
    .action(async (name: string, id: string, flags: RecordsGetFlags) => {
      const { runRecordsGet } = await import('./run-records-get.ts');
      await runRecordsGet(await getContext(), { name, id }, flags);
    });

  ofModel('history', 'show how a record changed, and which runs did it')
    .argument('<id>', "the record's id")
    .option('--limit <count>', 'how many versions at most', parseCount, 20)
    .action(async (name: string, id: string, flags: RecordsHistoryFlags) => {
      const { runRecordsHistory } = await import('./run-records-history.ts');
      await runRecordsHistory(await getContext(), { name, id }, flags);
    });

  addSelectionOptions(ofModel('export', 'write all records to a file, as they are at one moment'))
    .requiredOption('-o, --out <file>', 'the file; it appears when it is complete')
    .addOption(
      new Option('--format <format>', 'default: by the ending of the file').choices(exportFormatSchema.options),
    )
    .option('--raw-text', "CSV: no ' before texts that a spreadsheet would take for a formula")
    .action(async (name: string, flags: RecordsExportFlags) => {
      const { runRecordsExport } = await import('./run-records-export.ts');
      await runRecordsExport(await getContext(), name, flags);
    });

  ofModel('prune', 'remove records and their history for good')
    .option('--deleted-before <time>', 'those that were deleted before this time (ISO 8601)')
    .option('--updated-before <time>', 'those that did not change since this time, live ones too')
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, flags: RecordsPruneFlags) => {
      const { runRecordsPrune } = await import('./run-records-prune.ts');
      await runRecordsPrune(await getContext(), name, flags);
    });

  configureReview(command, getContext);
};

function addSelectionOptions(command: Command): Command {
  return command
    .option('--id <id...>', 'only these')
    .option('--where <field=value...>', 'only records whose field has this value, such as author.login=ada')
    .option('--updated-after <time>', 'only records that changed after this time (ISO 8601)')
    .option('--deleted', 'also records that were deleted');
}
