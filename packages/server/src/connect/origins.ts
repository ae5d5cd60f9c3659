import type { Manifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ConnectContext } from './connect-context.ts';

/** The server's own, and what `connect.allowedOrigins` of the active deployment names. */
export function listOrigins(manifest: Manifest | undefined, publicUrl: string): string[] {
  return [...new Set([new URL(publicUrl).origin, ...(manifest?.connect.allowedOrigins ?? [])])];
}

/**
 * Browsers say which page a request comes from; a page of somebody else gets nothing done, even with a token that it
 * came by. Programs that are no browsers send no origin.
 * @param origin the Origin header
 * @throws TenonError `origin_refused`
 */
export async function requireOrigin(
  { connections }: ConnectContext,
  { origin, environmentId }: { origin: string | undefined; environmentId: number },
): Promise<void> {
  if (origin === undefined) return;
  const active = await connections.manifests.findActive(environmentId);
  if (listOrigins(active?.manifest, connections.publicUrl()).includes(origin)) return;
  throw new TenonError('origin_refused', 'A page of this origin may not use connect sessions.', {
    hint: 'Add the origin to connect.allowedOrigins in tenon.config.ts and deploy.',
  });
}

/** Whether any environment of this server allows the origin: asked before a browser sends its token. */
export async function isOriginKnown({ connections }: ConnectContext, origin: string): Promise<boolean> {
  const environments = await connections.database.selectFrom('environments').select('id').execute();
  for (const { id } of environments) {
    const active = await connections.manifests.findActive(id);
    if (listOrigins(active?.manifest, connections.publicUrl()).includes(origin)) return true;
  }
  return false;
}
