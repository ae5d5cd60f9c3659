import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { readPreviewFlags, type PreviewFlags } from './ensure-preview.ts';
import { printEnvironment } from './print-environment.ts';

export interface EnvironmentsCreateFlags extends TargetFlags, PreviewFlags {
  readonly standard?: boolean;
}

/**
 * Makes a preview, or changes the one that there is. With --standard, makes an environment that stays: its API key alone
 * goes to stdout, so that a script can keep it.
 * @throws TenonError `usage_invalid` for flags that do not go together
 */
export async function runEnvironmentsCreate(
  context: CommandContext,
  name: string,
  flags: EnvironmentsCreateFlags,
): Promise<void> {
  const { output, signal } = context;
  const { ttl, allowWrites, borrow } = flags;
  if (!flags.standard) {
    const wanted = readPreviewFlags(flags);
    await withServer(context, flags, async (server) => {
      const preview = await server.putPreview(name, wanted, { signal });
      output.line(`${output.colors.green('✓')} The preview ${name} is ${preview.created ? 'made' : 'there'}.`);
      printEnvironment(output, preview);
      output.result(preview);
    });
    return;
  }
  if (ttl !== undefined || allowWrites !== undefined || borrow !== undefined) {
    throw new TenonError('usage_invalid', '--ttl, --allow-writes and --borrow are for previews, not with --standard.', {
      hint: 'Leave them out: an environment that stays does not end, and blocks nothing.',
    });
  }
  await withServer(context, flags, async (server) => {
    const made = await server.createEnvironment({ name }, { signal });
    output.note(`The environment ${name} is made. Its first API key, shown this once:`);
    output.line(made.key.key);
    output.result(made);
  });
}
