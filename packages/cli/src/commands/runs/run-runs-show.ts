import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { readLogs } from '../../follow/follow-run.ts';
import { formatLog } from '../../output/format-log.ts';
import { formatRun, formatStatus } from '../../output/format-run.ts';
import { formatTime } from '../../output/format-time.ts';

/** Shows one run: how it ended, why, and what it logged. */
export async function runRunsShow(context: CommandContext, id: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  const { colors } = output;
  await withServer(context, flags, async (server) => {
    const run = await server.getRun(id, { signal });
    const logs = [];
    for await (const entry of readLogs(server, id, signal)) logs.push(entry);
    if (run.finishedAt === null) {
      const until = run.notBefore === null ? '' : ` until ${formatTime(run.notBefore)}`;
      output.line(`${run.integration}/${run.function} ${run.connection} ${formatStatus(run)}${until}`);
    } else output.line(formatRun(run, colors));
    output.line(colors.dim(`trigger ${run.trigger}, version ${run.version}, attempt ${run.attempt}, ${run.createdAt}`));
    if (run.error !== null) {
      output.line();
      output.line(`${colors.red('error')} ${run.error.message}`);
      if (run.error.hint !== undefined) output.line(`${colors.cyan('hint')}  ${run.error.hint}`);
      output.line(colors.dim(`code  ${run.error.code}`));
      if (run.error.stack !== undefined) output.line(colors.dim(run.error.stack));
    }
    // Every request is a debug entry, which few want to see.
    const shown = logs.filter(({ level }) => level !== 'debug' || output.isVerbose);
    if (shown.length > 0) output.line();
    for (const entry of shown) output.line(formatLog(entry, colors));
    output.result({ run, logs });
  });
}
