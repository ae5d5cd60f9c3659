import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { RecordFlags } from './run-record.ts';

export const configureRecord: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command.argument('<integration/function>', 'the sync or action, such as github/issues'))
    .requiredOption('-c, --connection <id>', 'with which connection')
    .option('-n, --name <name>', 'name of the recording', 'first')
    .option('-i, --input <json>', "an action's input: JSON, @file, or @- for stdin")
    .option('--event <json>', 'an event for onWebhook: { headers, body }')
    .option('--cursor <cursor>', 'where a sync begins (default: where its last run ended)')
    .option('--from-start', 'a sync begins at the very beginning')
    .option('--limit-pages <count>', 'lists end after so many pages in all', parseCount)
    .option('--variable <NAME=value...>', 'what a variable says in the recording, instead of [redacted]')
    .option('--redact-emails', 'put made-up addresses in place of those of people')
    .option('--allow-secret <path...>', 'a JSON path whose value only looks like a secret')
    .option('--replace', 'write over a recording of this name')
    .action(async (name: string, flags: RecordFlags) => {
      const { runRecord } = await import('./run-record.ts');
      await runRecord(await getContext(), name, flags);
    });
};
