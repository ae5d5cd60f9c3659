import type { Variable } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';

/** Lists the names of the environment's variables. */
export async function runEnvList(context: CommandContext, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const variables: Variable[] = [];
    let cursor: string | undefined;
    do {
      const page = await server.listVariables({ cursor, limit: 1_000, signal });
      variables.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    if (variables.length === 0) output.line('No variables. Store one with `tenon env set <NAME>`.');
    else {
      output.table(variables, [
        { title: 'NAME', value: ({ name }) => name },
        { title: 'FROM', value: describeSource },
        { title: 'SET', value: ({ updatedAt }) => (updatedAt === null ? '' : formatTime(updatedAt)) },
      ]);
    }
    output.result({ items: variables });
  });
}

function describeSource({ name, source, overrides }: Variable): string {
  if (source === 'server') return `the server's TENON_VAR_${name}`;
  if (source === 'parent') return 'stored in the parent';
  return overrides ? `stored (over the server's TENON_VAR_${name})` : 'stored';
}
