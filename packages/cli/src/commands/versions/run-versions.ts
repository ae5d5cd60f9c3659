import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { describeChanges, describeSource } from './describe-version.ts';
import { formatTime } from '../../output/format-time.ts';

export interface VersionsFlags extends TargetFlags {
  readonly limit: number;
  readonly externalId?: string;
}

/** Lists the deployments of an environment, the newest first. */
export async function runVersions(context: CommandContext, flags: VersionsFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const { items } = await server.listDeployments({ limit: flags.limit, externalId: flags.externalId, signal });
    const newestFirst = [...items].sort((a, b) => b.version - a.version);
    if (newestFirst.length === 0) {
      output.line(
        flags.externalId === undefined
          ? 'Nothing is deployed yet. Run `tenon deploy`.'
          : `Nothing was deployed as ${flags.externalId}.`,
      );
    } else {
      output.table(newestFirst, [
        { title: 'VERSION', value: (item) => item.version, align: 'right' },
        { title: '', value: (item) => (item.active ? output.colors.green('active') : '') },
        { title: 'FUNCTIONS', value: (item) => item.functions, align: 'right' },
        { title: 'DEPLOYED', value: (item) => formatTime(item.createdAt) },
        { title: 'BY', value: (item) => item.deployedBy },
        { title: 'CHANGED', value: describeChanges },
        { title: 'ID', value: (item) => item.externalId?.slice(0, 12) },
        { title: 'FROM', value: describeSource },
        { title: 'MESSAGE', value: (item) => item.message },
      ]);
    }
    output.result({ items: newestFirst });
  });
}
