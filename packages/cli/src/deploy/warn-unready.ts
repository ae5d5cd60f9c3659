import type { ApiClient } from '../api-client/api-client.ts';
import { listUnready, type UnreadyIntegration } from '../integrations/list-unready.ts';
import type { Output } from '../output/output.ts';

/**
 * Says what has to be set before customers can connect to what is live now. Never fails: the deployment is done.
 * @returns what was told
 */
export async function warnUnready(
  { output, signal }: { output: Output; signal: AbortSignal },
  server: Pick<ApiClient, 'listIntegrations'>,
  environment: string | undefined,
): Promise<readonly UnreadyIntegration[]> {
  const unready = await listUnready(server, { signal, environment }).catch(() => []);
  for (const { integration, missing } of unready) {
    const names = missing.map(({ variable }) => variable).join(' and ');
    output.note(
      `${output.colors.yellow('!')} Nobody can connect ${integration.name} before ${names} ${missing.length === 1 ? 'is' : 'are'} set:`,
    );
    for (const { command } of missing) output.note(`    ${command}`);
    if (integration.callbackUrl !== null) output.note(`    callback URL to register: ${integration.callbackUrl}`);
  }
  return unready;
}
