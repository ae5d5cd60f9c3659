import type { ApiClient } from '../api-client/api-client.ts';
import type { Output } from '../output/output.ts';
import type { Project } from '../project/project.ts';

export interface FirstStep {
  readonly server: Pick<ApiClient, 'listConnections'>;
  readonly project: Project;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Nothing runs before an account is connected: whoever looks at a still terminal is told so, and how it is done. */
export async function showFirstStep({ server, project, output, signal }: FirstStep): Promise<void> {
  const [integration] = Object.keys(project.config.integrations).sort();
  if (integration === undefined) return;
  const { items } = await server.listConnections({ limit: 1, signal });
  if (items.length > 0) return;
  const command = output.colors.cyan(`tenon connect ${integration} --connection user1`);
  output.line(`No account is connected yet. In another terminal: ${command}`);
}
