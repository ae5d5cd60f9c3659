import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

/** Lists the SQL views over the records, with their columns, and how to get at them. */
export async function runViews(context: CommandContext, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  const { colors } = output;
  await withServer(context, flags, async (server) => {
    const views = await server.listViews({ signal });
    for (const view of views.items) {
      output.line(`${view.name} ${colors.dim(view.includesDeleted ? '(with what is deleted)' : '')}`.trimEnd());
      if (!view.includesDeleted || output.isVerbose) {
        for (const { name, type } of view.columns) output.line(`  ${name} ${colors.dim(type)}`);
      }
    }
    if (views.items.length === 0) output.line('No views.');
    if (!views.available) {
      output.note('Views are missing: let the role of the server create schemas in its database, and deploy again.');
    }
    output.line();
    output.line(`Connect with ${views.connection}`);
    output.line(colors.dim(`after: grant usage on schema ${views.schema} to <user>;`));
    output.line(colors.dim(`       grant select on all tables in schema ${views.schema} to <user>;`));
    output.result(views);
  });
}
