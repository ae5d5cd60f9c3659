import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { RecordsGetFlags } from './run-records-get.ts';
import type { RecordsListFlags } from './run-records-list.ts';

export const configureRecords: ConfigureCommand = (command, getContext) => {
  const list = command.command('list', { isDefault: true }).description('list records, or follow their changes');
  addTargetOptions(list.argument('<integration/model>', 'such as github/Issue'))
    .requiredOption('-c, --connection <id>', 'of which connection')
    .option('--limit <count>', 'how many at most (default: 100)', parseCount)
    .option('--all', 'every record')
    .option('--updated-after <time>', 'only records that changed after this time (ISO 8601)')
    .option('--deleted', 'also records that were deleted')
    .option('-f, --follow', 'print changes as they come')
    .option('--cursor <cursor>', 'with --follow: where to begin (default: from the start)')
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

  const get = command.command('get').description('show one record');
  addTargetOptions(get.argument('<integration/model>', 'such as github/Issue').argument('<id>', "the record's id"))
    .requiredOption('-c, --connection <id>', 'of which connection')
    .action(async (name: string, id: string, flags: RecordsGetFlags) => {
      const { runRecordsGet } = await import('./run-records-get.ts');
      await runRecordsGet(await getContext(), { name, id }, flags);
    });
};
