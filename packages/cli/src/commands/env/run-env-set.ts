import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../../api-client/api-client.ts';
import { listEverything } from '../../api-client/list-everything.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { readSecret } from '../../connect/read-secret.ts';
import { readStdin } from '../read-stdin.ts';

/** Stores a variable. Its value comes from a prompt without echo, from stdin or from the environment of this command. */
export async function runEnvSet(
  context: CommandContext,
  { name, value }: { name: string; value: string | undefined },
  flags: TargetFlags,
  readInput: () => Promise<string> = readStdin,
): Promise<void> {
  const { output, signal } = context;
  const isInHistory = value !== undefined && value !== '-' && !value.startsWith('env:');
  const secret =
    value === undefined && context.isInteractive
      ? await ask(name, signal)
      : await readSecret(value ?? '-', { flag: name, variables: context.env.variables, readStdin: readInput });
  if (secret === '') throw new TenonError('usage_invalid', `The value of ${name} is empty.`);
  await withServer(context, flags, async (server) => {
    if (isInHistory && !(await isPublic(server, { name, signal }))) {
      output.note(
        `${output.colors.yellow('!')} The value now stands in your shell's history. Better: tenon env set ${name} - < file`,
      );
    }
    const variable = await server.putVariable(name, secret, { signal });
    output.line(`${output.colors.green('✓')} ${name} is stored.`);
    if (variable.overrides)
      output.note(`It is used instead of TENON_VAR_${name}, which the server's environment has too.`);
    output.result(variable);
  });
}

/** Whether integrations know the variable, and none of them as a secret: client ids stand in browsers' addresses. */
async function isPublic(
  server: Pick<ApiClient, 'listIntegrations'>,
  { name, signal }: { name: string; signal: AbortSignal },
): Promise<boolean> {
  // A key for variables alone may not list integrations; then it is warned of.
  const integrations = await listEverything((page) => server.listIntegrations(page), signal).catch(() => []);
  const uses = integrations.flatMap(({ values }) => values.filter(({ variable }) => variable === name));
  return uses.length > 0 && uses.every(({ secret }) => !secret);
}

async function ask(name: string, signal: AbortSignal): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  return password({ message: name, mask: '*', validate: (text) => text !== '' || 'A value is needed.' }, { signal });
}
