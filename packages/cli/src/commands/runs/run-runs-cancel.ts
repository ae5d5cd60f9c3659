import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

/** Asks the server to stop a run; what it has saved so far stays. */
export async function runRunsCancel(context: CommandContext, id: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    await server.cancelRun(id, { signal });
    const run = await server.getRun(id, { signal });
    output.line(run.finishedAt === null ? `The run ${id} is asked to stop.` : `The run ${id} ended as ${run.status}.`);
    output.result({ run });
  });
}
