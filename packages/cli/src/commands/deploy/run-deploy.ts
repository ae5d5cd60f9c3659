import type { Deployment } from '@tenon/runtime/contract';
import type { ApiClient } from '../../api-client/api-client.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { applyDeployment } from '../../deploy/apply-deployment.ts';
import { confirmDeployment, type ConfirmFlags } from '../../deploy/confirm-deployment.ts';
import { planMarkdown } from '../../deploy/plan-markdown.ts';
import { prepareDeployment, type PreparedDeployment } from '../../deploy/prepare-deployment.ts';
import { prepareSavedPlan } from '../../deploy/prepare-saved-plan.ts';
import { printPlan } from '../../deploy/print-plan.ts';
import { sayDeployed } from '../../deploy/say-deployed.ts';
import { warnUnready } from '../../deploy/warn-unready.ts';
import { ensurePreview, type PreviewFlags } from '../environments/ensure-preview.ts';

export interface DeployFlags extends TargetFlags, PreviewFlags, ConfirmFlags {
  readonly message?: string;
  readonly externalId?: string;
  /** File of a saved plan. */
  readonly plan?: string;
  readonly format?: 'text' | 'markdown';
}

/** compile -> plan -> show -> confirm -> upload what is missing -> activate. */
export async function runDeploy(context: CommandContext, flags: DeployFlags): Promise<void> {
  const { output, signal } = context;
  const preview = await ensurePreview(context, flags);
  await withServer(context, flags, async (server, target) => {
    const { compiled, plan } =
      flags.plan === undefined
        ? await prepareDeployment(context, server)
        : await prepareSavedPlan(context, server, flags.plan);
    const isMarkdown = flags.format === 'markdown';
    if (plan.changes.length === 0) {
      const deployment = await findDeployed(server, { compiled, plan, flags, signal });
      if (isMarkdown) output.line(planMarkdown(plan));
      else if (deployment && deployment.version !== plan.baseVersion)
        sayDeployed(output, { deployment, url: target.url });
      else output.line(`Nothing to deploy: version ${plan.baseVersion} is what the project declares.`);
      const unready = await warnUnready({ output, signal }, server, flags.env);
      output.result({ plan, deployment, unready, ...preview });
      return;
    }
    if (!isMarkdown) {
      printPlan(output, plan);
      output.line();
    }
    await confirmDeployment(context, { plan, url: target.url, flags });
    const total = plan.missingBundles.length;
    const progress = output.progress(`Uploading 0/${total}`);
    try {
      const deployment = await applyDeployment(server, {
        compiled,
        plan,
        message: flags.message,
        externalId: flags.externalId,
        allowDestructive: flags.allowDestructive,
        signal,
        onUploaded: (done) => progress.update(done === total ? 'Activating' : `Uploading ${done}/${total}`),
      });
      progress.stop();
      if (isMarkdown) output.line(planMarkdown(plan, deployment));
      else sayDeployed(output, { deployment, url: target.url });
      const unready = await warnUnready({ output, signal }, server, flags.env);
      output.result({ plan, deployment, unready, ...preview });
    } finally {
      progress.stop();
    }
  });
}

/**
 * With an external id the server is asked also when nothing changes: it keeps the id of what is active and had none,
 * answers with the version that was deployed under it, or refuses it.
 * @throws TenonError `external_id_taken`
 */
async function findDeployed(
  server: ApiClient,
  { compiled, plan, flags, signal }: PreparedDeployment & { flags: DeployFlags; signal: AbortSignal },
): Promise<Deployment | null> {
  if (flags.externalId === undefined || plan.baseVersion === 0) return null;
  const { message, externalId } = flags;
  return applyDeployment(server, { compiled, plan, message, externalId, signal });
}
