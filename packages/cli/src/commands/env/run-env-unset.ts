import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

/** Deletes a stored variable. */
export async function runEnvUnset(context: CommandContext, name: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    await server.deleteVariable(name, { signal });
    output.line(`${output.colors.green('✓')} ${name} is deleted.`);
    output.result({ deleted: name });
  });
}
