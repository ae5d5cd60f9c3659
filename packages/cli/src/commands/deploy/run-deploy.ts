import type { Plan } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { applyDeployment } from '../../deploy/apply-deployment.ts';
import { prepareDeployment } from '../../deploy/prepare-deployment.ts';
import { printPlan, summarizePlan } from '../../deploy/print-plan.ts';
import { ensurePreview, type PreviewFlags } from '../environments/ensure-preview.ts';
import { warnUnready } from '../../deploy/warn-unready.ts';

export interface DeployFlags extends TargetFlags, PreviewFlags {
  readonly yes?: boolean;
  readonly message?: string;
  readonly allowDestructive?: boolean;
}

/** compile -> plan -> show -> confirm -> upload what is missing -> activate. */
export async function runDeploy(context: CommandContext, flags: DeployFlags): Promise<void> {
  const { output, signal } = context;
  const preview = await ensurePreview(context, flags);
  await withServer(context, flags, async (server, target) => {
    const { compiled, plan } = await prepareDeployment(context, server);
    if (plan.changes.length === 0) {
      output.line(`Nothing to deploy: version ${plan.baseVersion} is what the project declares.`);
      const unready = await warnUnready({ output, signal }, server, flags.env);
      output.result({ plan, deployment: null, unready, ...preview });
      return;
    }
    printPlan(output, plan);
    output.line();
    refuseDestructive(plan, flags);
    if (flags.yes !== true && !(await confirm(context, { plan, url: target.url }))) {
      throw new TenonError('interrupted', 'Nothing was deployed.');
    }
    const total = plan.missingBundles.length;
    const progress = output.progress(`Uploading 0/${total}`);
    try {
      const deployment = await applyDeployment(server, {
        compiled,
        plan,
        message: flags.message,
        allowDestructive: flags.allowDestructive,
        signal,
        onUploaded: (done) => progress.update(done === total ? 'Activating' : `Uploading ${done}/${total}`),
      });
      progress.stop();
      output.line(`${output.colors.green('✓')} Version ${deployment.version} is live at ${target.url}.`);
      const unready = await warnUnready({ output, signal }, server, flags.env);
      output.result({ plan, deployment, unready, ...preview });
    } finally {
      progress.stop();
    }
  });
}

/** Before the question, so that nobody confirms what the server then refuses. */
function refuseDestructive(plan: Plan, flags: DeployFlags): void {
  const destructive = plan.changes.filter((change) => change.class === 'destructive');
  if (destructive.length === 0 || flags.allowDestructive === true) return;
  const names = destructive.map((change) => `${change.integration}/${change.name}`);
  throw new TenonError('destructive_refused', `Deploying this would remove data: ${names.join(', ')}.`, {
    hint: 'Pass --allow-destructive if that is what you want.',
    details: { plan },
  });
}

async function confirm(context: CommandContext, deployment: { plan: Plan; url: string }): Promise<boolean> {
  if (!context.isInteractive) {
    throw new TenonError('input_needed', 'A deployment has to be confirmed, and there is no terminal to ask on.', {
      hint: 'Pass --yes.',
      details: { plan: deployment.plan },
    });
  }
  const prompts = await import('@inquirer/prompts');
  const message = `Deploy to ${deployment.url}? (${summarizePlan(deployment.plan)})`;
  return prompts.confirm({ message, default: false }, { signal: context.signal });
}
