import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { parsePair } from '../parse-pair.ts';
import { readObjectFlag } from '../read-object-flag.ts';

export interface ConnectionsUpdateFlags extends TargetFlags {
  readonly settings?: string;
  readonly metadata?: string;
}

/** Replaces a connection's settings or metadata; its next runs read them. */
export async function runConnectionsUpdate(
  context: CommandContext,
  name: string,
  flags: ConnectionsUpdateFlags,
): Promise<void> {
  const { output, signal } = context;
  const [integration, connection] = parsePair(name, '<integration>/<connection>');
  const [settings, metadata] = await Promise.all([
    readObjectFlag(flags.settings, '--settings', context),
    readObjectFlag(flags.metadata, '--metadata', context),
  ]);
  if (!settings && !metadata) {
    throw new TenonError('usage_invalid', 'There is nothing to change.', { hint: 'Pass --settings or --metadata.' });
  }
  await withServer(context, flags, async (server) => {
    const patch = { ...(settings && { settings }), ...(metadata && { metadata }) };
    const updated = await server.patchConnection({ integration, connection }, patch, { signal });
    output.line(`${output.colors.green('✓')} ${name} is changed; its next runs read it.`);
    output.result({ connection: updated });
  });
}
