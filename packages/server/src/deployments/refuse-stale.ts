import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../database/schema.ts';
import { getDeployment } from './list-deployments.ts';
import { readFingerprint } from './read-fingerprint.ts';

/**
 * Refuses what was planned against something else than what is active, and says what is and who deployed it.
 * @throws TenonError `plan_stale`
 */
export async function refuseStale(
  database: Kysely<Schema>,
  request: { environmentId: number; baseVersion: number; active: number; fingerprint?: string | undefined },
): Promise<void> {
  const { environmentId, baseVersion, active } = request;
  if (baseVersion !== active) {
    const winner = active === 0 ? undefined : await getDeployment(database, { environmentId, version: active });
    const about = winner && {
      message: winner.message,
      externalId: winner.externalId,
      deployedBy: winner.deployedBy,
      deployedAt: winner.createdAt,
    };
    throw new TenonError(
      'plan_stale',
      `The plan was made against version ${baseVersion}; version ${active}${winner ? describe(winner) : ''} is active now.`,
      {
        hint: 'Plan again, look at what changed, and deploy that plan.',
        details: { baseVersion, activeVersion: active, ...about },
      },
    );
  }
  if (request.fingerprint === undefined) return;
  const { environment, fingerprint } = await readFingerprint(database, { environmentId, version: active });
  if (fingerprint === request.fingerprint) return;
  throw new TenonError('plan_stale', `The plan was made for another environment than this ${environment}.`, {
    hint: 'Plan against the environment that you deploy to.',
    details: { environment, fingerprint },
  });
}

/** ` ("fix labels", 3f2a91c, deployed with the key ci)` */
function describe(winner: { message: string | null; externalId: string | null; deployedBy: string | null }): string {
  const parts = [
    ...(winner.message === null ? [] : [JSON.stringify(winner.message)]),
    ...(winner.externalId === null ? [] : [winner.externalId]),
    ...(winner.deployedBy === null ? [] : [`deployed with the key ${winner.deployedBy}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
