import type { FunctionManifest } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { describeChanges, describeSource } from './describe-version.ts';

/** Shows one version: where it came from, and what it is made of. */
export async function runVersionsShow(
  context: CommandContext,
  { version, ...flags }: TargetFlags & { version: number },
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const { deployment, manifest } = await server.getManifest(version, { signal });
    const facts = {
      deployed: `${formatTime(deployment.createdAt)} UTC`,
      by: deployment.deployedBy ?? '',
      message: deployment.message ?? '',
      'external id': deployment.externalId ?? '',
      from: describeSource(deployment),
      changed: describeChanges(deployment),
    };
    output.line(`Version ${version}${deployment.active ? ` (${output.colors.green('active')})` : ''}`);
    for (const [name, value] of Object.entries(facts)) if (value !== '') output.line(`  ${name}: ${value}`);
    output.line();
    output.table(manifest.functions, [
      { title: 'KIND', value: (one) => one.kind },
      { title: 'NAME', value: (one) => `${one.integration}/${one.name}` },
      { title: 'MODELS', value: modelsOf },
      { title: 'CODE', value: (one) => one.bundle.slice(0, 12) },
      { title: 'SOURCE', value: (one) => one.source },
    ]);
    output.result({ deployment, functions: manifest.functions, integrations: manifest.integrations });
  });
}

function modelsOf(definition: FunctionManifest): string {
  return definition.kind === 'sync' ? definition.models.map(({ name }) => name).join(', ') : '';
}
