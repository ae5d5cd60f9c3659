import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

/** Queues a new run that does what an ended one did. */
export async function runRunsRetry(context: CommandContext, id: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const { run, alreadyRunning } = await server.retryRun(id, { signal });
    const what = `${run.integration}/${run.function} ${run.connection}`;
    output.line(
      alreadyRunning ? `A run of ${what} is ${run.status} already: ${run.id}.` : `Queued ${what} as ${run.id}.`,
    );
    output.note(`See how it goes with \`tenon runs show ${run.id}\`.`);
    output.result({ run, alreadyRunning });
  });
}
