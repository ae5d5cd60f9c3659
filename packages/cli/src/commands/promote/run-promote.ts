import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { applyDeployment } from '../../deploy/apply-deployment.ts';
import { confirmDeployment, type ConfirmFlags } from '../../deploy/confirm-deployment.ts';
import { fetchBundles } from '../../deploy/fetch-bundles.ts';
import { printPlan } from '../../deploy/print-plan.ts';
import { sayDeployed } from '../../deploy/say-deployed.ts';

export interface PromoteFlags extends TargetFlags, ConfirmFlags {
  readonly from: string;
  readonly version?: number | undefined;
  readonly message?: string;
  readonly externalId?: string;
}

/** Deploys what another environment has run, byte for byte: manifest and code come from its server. */
export async function runPromote(context: CommandContext, flags: PromoteFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, { env: flags.from }, (origin, originTarget) =>
    withServer(context, flags, async (server, target) => {
      const version = flags.version ?? (await origin.whoami({ signal })).activeVersion;
      if (version === 0) {
        throw new TenonError('not_found', `Nothing is deployed in ${flags.from}.`, { hint: 'Deploy there first.' });
      }
      const { environment } = await origin.whoami({ signal });
      const { deployment: promoted, manifest } = await origin.getManifest(version, { signal });
      const plan = await server.planDeployment(manifest, { signal });
      output.line(`Version ${version} of ${flags.from} to ${target.url}:`);
      if (plan.changes.length === 0) {
        output.line(`Nothing to deploy: version ${plan.baseVersion} is the same.`);
        output.result({ plan, deployment: null });
        return;
      }
      printPlan(output, plan);
      output.line();
      await confirmDeployment(context, { plan, url: target.url, flags });
      const progress = output.progress('Fetching code');
      try {
        const bundles = await fetchBundles(origin, { hashes: plan.missingBundles, signal });
        const deployment = await applyDeployment(server, {
          compiled: { manifest, bundles },
          plan,
          message: flags.message ?? promoted.message ?? undefined,
          externalId: flags.externalId ?? promoted.externalId ?? undefined,
          source: {
            environment,
            version,
            ...(originTarget.url !== target.url && { server: originTarget.url }),
          },
          allowDestructive: flags.allowDestructive,
          signal,
        });
        progress.stop();
        sayDeployed(output, { deployment, url: target.url });
        output.result({ plan, deployment });
      } finally {
        progress.stop();
      }
    }),
  );
}
