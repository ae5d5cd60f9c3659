import type { ProjectConfig } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from './api-client.ts';

/**
 * Stops a command whose key is of another environment than the one that was named, when tenon.config.ts shows that it
 * is: both are on one server, and the key belongs to the other. (A server may call its environment what it likes.)
 * @throws TenonError `environment_mismatch`
 */
export async function requireEnvironment(
  server: Pick<ApiClient, 'whoami' | 'url'>,
  wanted: { name: string; environments: ProjectConfig['environments']; signal: AbortSignal },
): Promise<void> {
  const { name, environments, signal } = wanted;
  const siblings = Object.entries(environments).filter(
    ([other, { url }]) => other !== name && new URL(url).origin === new URL(server.url).origin,
  );
  if (siblings.length === 0) return;
  const { environment: own, parent, key } = await server.whoami({ signal });
  // A preview is reached by a key of its parent.
  const environment = parent ?? own;
  const sibling = siblings.find(([other]) => other === environment);
  if (environment === name || sibling === undefined) return;
  const variable = environments[name]?.apiKeyVariable;
  throw new TenonError(
    'environment_mismatch',
    `The API key "${key.name}" is of the environment ${environment}, and not of ${name}.`,
    {
      hint: `Set ${variable} to a key of ${name}, or say --env ${environment}.`,
      details: { environment, wanted: name },
    },
  );
}
