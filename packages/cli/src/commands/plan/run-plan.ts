import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { planMarkdown } from '../../deploy/plan-markdown.ts';
import { prepareDeployment } from '../../deploy/prepare-deployment.ts';
import { printPlan } from '../../deploy/print-plan.ts';
import { writePlanFile } from '../../deploy/write-plan-file.ts';

export interface PlanFlags extends TargetFlags {
  /** File to save the plan to. */
  readonly out?: string;
  readonly format?: 'text' | 'markdown';
}

/**
 * Shows what a deployment would change.
 * @throws TenonError `changes_pending` when it would change anything; with --json the plan is in its details, so
 *   that there is one document either way
 */
export async function runPlan(context: CommandContext, flags: PlanFlags): Promise<void> {
  const { output, cwd, signal } = context;
  await withServer(context, flags, async (server) => {
    const prepared = await prepareDeployment(context, server);
    const { plan } = prepared;
    const isMarkdown = flags.format === 'markdown';
    if (flags.out !== undefined) await writePlanFile(prepared, { cwd, path: flags.out, signal });
    if (isMarkdown) output.line(planMarkdown(plan));
    if (plan.changes.length === 0) {
      if (!isMarkdown) output.line(`Nothing to deploy: version ${plan.baseVersion} is what the project declares.`);
      output.result(plan);
      return;
    }
    if (!isMarkdown) {
      printPlan(output, plan);
      output.line();
    }
    const count = plan.changes.length === 1 ? '1 change is' : `${plan.changes.length} changes are`;
    throw new TenonError('changes_pending', `${count} not deployed.`, {
      hint: flags.out === undefined ? 'Run `tenon deploy`.' : `Run \`tenon deploy --plan ${flags.out}\`.`,
      details: { plan },
    });
  });
}
