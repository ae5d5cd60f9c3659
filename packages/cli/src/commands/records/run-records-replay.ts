import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { parsePair } from '../parse-pair.ts';

/** Starts a run that tries the quarantined records of a sync again. */
export async function runRecordsReplay(
  context: CommandContext,
  name: string,
  flags: TargetFlags & { readonly connection: string },
): Promise<void> {
  const { output, signal } = context;
  const [integration, sync] = parsePair(name, '<integration>/<sync>');
  await withServer(context, flags, async (server) => {
    const ref = { integration, sync, connection: flags.connection };
    const triggered = await server.replayQuarantine(ref, { signal });
    const verb = triggered.alreadyRunning ? 'is under way already' : 'is queued';
    output.line(`The run ${triggered.run.id} ${verb}; see it with \`tenon runs show ${triggered.run.id}\`.`);
    output.result(triggered);
  });
}
