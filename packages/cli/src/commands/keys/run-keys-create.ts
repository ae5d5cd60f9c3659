import { apiScopeSchema, type ApiScope } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

export interface KeysCreateFlags extends TargetFlags {
  readonly scopes?: readonly string[];
  readonly expiresInDays?: number;
}

/** Makes an API key. It alone goes to stdout, so that a script can keep it; what is said of it goes to stderr. */
export async function runKeysCreate(context: CommandContext, name: string, flags: KeysCreateFlags): Promise<void> {
  const { output, signal } = context;
  const scopes = flags.scopes?.map(toScope);
  await withServer(context, flags, async (server) => {
    const { expiresInDays } = flags;
    const made = await server.createKey(
      { name, ...(scopes && { scopes }), ...(expiresInDays !== undefined && { expiresInDays }) },
      { signal },
    );
    output.note(`API key ${made.id} "${made.name}" (${made.scopes.join(', ')}). It is shown this once:`);
    output.line(made.key);
    output.result(made);
  });
}

function toScope(text: string): ApiScope {
  const scope = apiScopeSchema.safeParse(text);
  if (scope.success) return scope.data;
  throw new TenonError('usage_invalid', `There is no scope ${text}.`, {
    hint: `Scopes are ${apiScopeSchema.options.join(', ')}.`,
  });
}
