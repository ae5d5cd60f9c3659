import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { printEnvironment } from './print-environment.ts';

/** Shows a preview, or the environment of the API key. */
export async function runEnvironmentsShow(context: CommandContext, name: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const environment = await server.getEnvironment(name, { signal });
    printEnvironment(output, environment);
    output.result(environment);
  });
}
