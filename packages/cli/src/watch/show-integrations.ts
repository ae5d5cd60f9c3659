import type { ApiClient } from '../api-client/api-client.ts';
import { listEverything } from '../api-client/list-everything.ts';
import { warnUnready } from '../deploy/warn-unready.ts';
import type { Output } from '../output/output.ts';

/** Once a start: where providers have to send browsers back to, and what is not configured yet. */
export async function showIntegrations({
  server,
  output,
  signal,
}: {
  readonly server: Pick<ApiClient, 'listIntegrations'>;
  readonly output: Output;
  readonly signal: AbortSignal;
}): Promise<void> {
  const all = await listEverything((page) => server.listIntegrations(page), signal);
  const callbacks = new Set(all.flatMap(({ callbackUrl }) => callbackUrl ?? []));
  for (const url of callbacks) {
    output.line(`${output.colors.dim('callback URL, to register with OAuth apps:')} ${output.colors.cyan(url)}`);
  }
  await warnUnready({ output, signal }, server, undefined);
}
