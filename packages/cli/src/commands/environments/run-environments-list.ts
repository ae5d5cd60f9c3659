import type { Environment } from '@tenon/runtime/contract';
import { listEverything } from '../../api-client/list-everything.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { describeExpiry } from './describe-expiry.ts';

/** Lists the environment of the API key and its previews. */
export async function runEnvironmentsList(context: CommandContext, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const environments = await listEverything((page) => server.listEnvironments(page), signal);
    output.table(environments, [
      { title: 'NAME', value: ({ name }) => name },
      { title: 'KIND', value: describeKind },
      { title: 'VERSION', value: ({ activeVersion }) => (activeVersion === 0 ? '' : String(activeVersion)) },
      { title: 'WRITES', value: ({ allowWrites }) => (allowWrites ? 'allowed' : 'blocked') },
      { title: 'EXPIRES', value: ({ expiresAt }) => (expiresAt === null ? 'never' : describeExpiry(expiresAt)) },
    ]);
    output.result({ items: environments });
  });
}

function describeKind({ parent }: Environment): string {
  return parent === null ? 'environment' : `preview of ${parent}`;
}
