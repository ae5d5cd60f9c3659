import type { DryRunRequest, DryRunResult, FunctionManifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../api-client/resolve-target.ts';
import { withServer } from '../api-client/with-server.ts';
import type { CommandContext } from '../command-context.ts';
import { parsePair } from '../commands/parse-pair.ts';
import { readJsonFlag } from '../commands/read-json-flag.ts';
import type { CompiledProject } from '../compile/compiled-project.ts';

/** The flags of whatever runs a function without keeping anything of it. */
export interface DryRunFlags extends TargetFlags {
  readonly input?: string;
  readonly event?: string;
  readonly cursor?: string;
  readonly fromStart?: boolean;
  readonly limitPages?: number;
}

/**
 * Finds a function among those of the project.
 * @throws TenonError `usage_invalid`, `not_found`
 */
export function findFunction({ manifest }: CompiledProject, name: string): FunctionManifest {
  const [integration, functionName] = parsePair(name, '<integration>/<sync or action>');
  const found = manifest.functions.find((item) => item.integration === integration && item.name === functionName);
  if (found !== undefined) return found;
  const names = manifest.functions.map((item) => `${item.integration}/${item.name}`);
  throw new TenonError('not_found', `The project has no sync or action ${name}.`, {
    hint: `Its functions: ${names.join(', ') || 'none'}.`,
  });
}

/**
 * Runs the project's own code of a function, as it is on this machine, in a worker of the server: that is where the
 * connection's credentials are, and they stay there. The server keeps nothing of it.
 * @throws TenonError `usage_invalid`, and what the server answers
 */
export async function callDryRun(
  context: CommandContext,
  { compiled, script, connection }: { compiled: CompiledProject; script: FunctionManifest; connection: string },
  flags: DryRunFlags,
): Promise<DryRunResult> {
  const request = await readRequest(context, script, flags);
  const bundle = compiled.bundles.get(script.bundle) ?? '';
  const { output, signal } = context;
  return await withServer(context, flags, async (server) => {
    const progress = output.progress(`Running ${script.integration}/${script.name}`);
    try {
      const ref = { integration: script.integration, connection };
      return await server.dryRun(ref, { ...request, code: { function: script, bundle } }, { signal });
    } finally {
      progress.stop();
    }
  });
}

async function readRequest(
  context: CommandContext,
  { kind, name }: FunctionManifest,
  flags: DryRunFlags,
): Promise<DryRunRequest> {
  const isAction = kind === 'action';
  const misplaced = isAction
    ? [
        flags.event !== undefined && '--event',
        flags.cursor !== undefined && '--cursor',
        flags.fromStart && '--from-start',
      ]
    : [flags.input !== undefined && '--input'];
  const [wrong] = misplaced.filter((flag) => typeof flag === 'string');
  if (wrong !== undefined) {
    throw new TenonError(
      'usage_invalid',
      `${wrong} does not go with ${name}, which is ${isAction ? 'an action' : 'a sync'}.`,
      {
        hint: isAction ? 'Actions take --input.' : 'Syncs take --cursor, --from-start or --event.',
      },
    );
  }
  const event = flags.event === undefined ? undefined : await readEvent(context, flags.event);
  return {
    kind,
    function: name,
    timeoutMs: 600_000,
    ...(isAction && { input: flags.input === undefined ? {} : await readJsonFlag(flags.input, '--input', context) }),
    ...(event && { event }),
    ...(flags.fromStart && { start: {} }),
    ...(flags.cursor !== undefined && { start: { cursor: toCursor(flags.cursor) } }),
    ...(flags.limitPages !== undefined && { limitPages: flags.limitPages }),
  };
}

/** `{ headers, body }` as apps forward it. */
async function readEvent(context: CommandContext, flag: string): Promise<NonNullable<DryRunRequest['event']>> {
  const given = await readJsonFlag(flag, '--event', context);
  if (typeof given === 'object' && given !== null && 'body' in given) return given as { body: unknown };
  throw new TenonError('usage_invalid', '--event is not an event.', {
    hint: `Write --event '{"headers":{},"body":{...}}', or --event @event.json.`,
  });
}

/** A cursor of numbers is a number. */
function toCursor(text: string): string | number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
