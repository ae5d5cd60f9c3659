import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { printPlan } from '../../deploy/print-plan.ts';

/** Shows what activating a version in place of another one changes. */
export async function runVersionsDiff(
  context: CommandContext,
  { from, to, ...flags }: TargetFlags & { from: number; to: number },
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const plan = await server.planVersion(to, { from, signal });
    if (plan.changes.length === 0) output.line(`Version ${to} is what version ${from} is.`);
    else printPlan(output, plan);
    output.result(plan);
  });
}
