import type { Deployment } from '@tenon/runtime/contract';
import type { Output } from '../output/output.ts';

/** Says what came of a deployment. One that was there already may not be what is active. */
export function sayDeployed(output: Output, { deployment, url }: { deployment: Deployment; url: string }): void {
  const { version, active } = deployment;
  if (active) output.line(`${output.colors.green('✓')} Version ${version} is live at ${url}.`);
  else {
    output.line(`Version ${version} was deployed as ${deployment.externalId} before, and another one is active now.`);
    output.line(`Run \`tenon rollback ${version}\` to make it the active one again.`);
  }
}
