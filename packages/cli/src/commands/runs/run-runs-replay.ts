import type { DryRunRequest, RunCapture } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { runError } from '../../follow/run-error.ts';

/**
 * Runs a failed run's function once more on the server, on the active version and from where that run began, as a dry
 * run: it tells whether the failure is still there, and writes nothing. `tenon runs retry` is the one that writes.
 * @throws TenonError `capture_missing`; what the function fails with now
 */
export async function runRunsReplay(context: CommandContext, id: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const capture = await server.getCapture(id, { signal });
    const { integration } = capture.function;
    const ref = { integration, connection: capture.connection.id };
    const progress = output.progress(`Running ${integration}/${capture.function.name}`);
    const result = await server.dryRun(ref, toDryRun(capture), { signal }).finally(() => progress.stop());
    const { added, updated, deleted } = result.counts;
    output.line(
      `${integration}/${capture.function.name} ${capture.connection.id} ${result.status}: would be +${added} ~${updated} -${deleted}`,
    );
    output.note('Nothing was written. `tenon runs retry` runs it for real, from where its sync is now.');
    output.result({ before: capture.error ?? null, ...result });
    const { error } = result.outcome;
    if (!error) return;
    throw runError({ id, status: result.status, error } as Parameters<typeof runError>[0]) ?? new Error(error.message);
  });
}

function toDryRun({ kind, function: script, start, input, event, until }: RunCapture): DryRunRequest {
  const { cursor, checkpoint, partitions } = start;
  return {
    kind: kind === 'action' ? 'action' : 'sync',
    function: script.name,
    timeoutMs: 600_000,
    ...(input !== undefined && { input }),
    ...(event && { event }),
    ...(until !== undefined && { until }),
    ...(kind === 'sync' && {
      start: {
        ...(cursor !== undefined && { cursor }),
        ...(checkpoint !== undefined && { checkpoint }),
        ...(partitions && { partitions }),
      },
    }),
  };
}
