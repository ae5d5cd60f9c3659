import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';

export interface VersionsFlags extends TargetFlags {
  readonly limit: number;
}

/** Lists the deployments of an environment, the newest first. */
export async function runVersions(context: CommandContext, flags: VersionsFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const { items } = await server.listDeployments({ limit: flags.limit, signal });
    const newestFirst = [...items].sort((a, b) => b.version - a.version);
    if (newestFirst.length === 0) output.line('Nothing is deployed yet. Run `tenon deploy`.');
    else {
      output.table(newestFirst, [
        { title: 'VERSION', value: (item) => item.version, align: 'right' },
        { title: '', value: (item) => (item.active ? output.colors.green('active') : '') },
        { title: 'FUNCTIONS', value: (item) => item.functions, align: 'right' },
        { title: 'DEPLOYED', value: (item) => formatTime(item.createdAt) },
        { title: 'MESSAGE', value: (item) => item.message },
      ]);
    }
    output.result({ items: newestFirst });
  });
}
