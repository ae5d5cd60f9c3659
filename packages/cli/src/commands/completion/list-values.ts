import { createApiClient } from '../../api-client/create-api-client.ts';
import { readLocalApiKey, readLocalServer } from '../../api-client/local-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { openProfileStore } from '../../profiles/profile-store.ts';
import { discoverScripts } from '../../project/discover-scripts.ts';
import { findProjectRoot } from '../../project/find-project-root.ts';
import type { ValueKind } from './suggest-words.ts';

/** Somebody waits with a finger on the key. */
const defaultPatienceMs = 100;

/**
 * The names that a project has, read from its folders without running anything; connections are asked for only of a
 * server on this machine, and only for as long as nobody notices.
 * @param request.typed the words before
 * @param request.patienceMs milliseconds until a server is not waited for any more; default 100
 */
export async function listValues(
  { cwd, env }: Pick<CommandContext, 'cwd' | 'env'>,
  request: { kind: ValueKind; typed: readonly string[]; patienceMs?: number },
): Promise<string[]> {
  const { kind, typed, patienceMs = defaultPatienceMs } = request;
  if (kind === 'profile') return (await openProfileStore(env.variables).list()).map(({ name }) => name);
  const root = findProjectRoot(cwd);
  if (kind === 'connection' || kind === 'integration/connection')
    return listConnections(root, { kind, typed, patienceMs });
  const { integrations, scripts } = await discoverScripts(root);
  if (kind === 'integration') return [...integrations];
  return scripts
    .filter((script) => kind === 'function' || script.kind === kind)
    .map(({ integration, name }) =>
      typed.includes('--function') || kind === 'action' ? name : `${integration}/${name}`,
    );
}

async function listConnections(
  root: string,
  request: { kind: 'connection' | 'integration/connection'; typed: readonly string[]; patienceMs: number },
): Promise<string[]> {
  const { kind, typed, patienceMs } = request;
  const server = await readLocalServer(root);
  const apiKey = await readLocalApiKey(root);
  if (server?.isAlive !== true || apiKey === undefined) return [];
  const client = createApiClient({ url: server.url, apiKey });
  try {
    const { items } = await client.listConnections({ limit: 1_000, timeoutMs: patienceMs });
    if (kind === 'integration/connection') return items.map(({ integration, id }) => `${integration}/${id}`);
    // `tenon run github/issues --connection`: those of github.
    const ofTyped = items.filter(({ integration }) => typed.some((word) => word.split('/', 1)[0] === integration));
    return (ofTyped.length > 0 ? ofTyped : items).map(({ id }) => id);
  } finally {
    client.close();
  }
}
