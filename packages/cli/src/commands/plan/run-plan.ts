import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { prepareDeployment } from '../../deploy/prepare-deployment.ts';
import { printPlan } from '../../deploy/print-plan.ts';

/**
 * Shows what a deployment would change.
 * @throws TenonError `changes_pending` when it would change anything; with --json the plan is in its details, so
 *   that there is one document either way
 */
export async function runPlan(context: CommandContext, flags: TargetFlags): Promise<void> {
  const { output } = context;
  await withServer(context, flags, async (server) => {
    const { plan } = await prepareDeployment(context, server);
    if (plan.changes.length === 0) {
      output.line(`Nothing to deploy: version ${plan.baseVersion} is what the project declares.`);
      output.result(plan);
      return;
    }
    printPlan(output, plan);
    output.line();
    const count = plan.changes.length === 1 ? '1 change is' : `${plan.changes.length} changes are`;
    throw new TenonError('changes_pending', `${count} not deployed.`, {
      hint: 'Run `tenon deploy`.',
      details: { plan },
    });
  });
}
