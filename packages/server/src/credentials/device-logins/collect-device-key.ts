import type { Kysely } from 'kysely';
import type { CollectedDeviceKey } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { writeAudit } from '../../audit/write-audit.ts';
import type { Schema } from '../../database/schema.ts';
import { createApiKey } from '../api-keys/create-api-key.ts';
import type { ApiKeyOwner } from '../api-keys/find-api-key.ts';
import { hashSecret } from '../random-secret.ts';
import { loginOver } from './login-over.ts';
import { lockLogin, type LockedLogin } from './queries/lock-login.ts';
import { markCollected } from './queries/mark-collected.ts';
import { noteQuestion } from './queries/note-question.ts';

/** RFC 8628 section 3.5: by so much the interval grows when somebody asks too soon. */
const slowDownSeconds = 5;
/** A clock tick and the way here must not make a punctual question one that came too soon. */
const toleranceMs = 500;

/**
 * Gives the key of an approved login, once: it is made here, so that no key is ever kept anywhere but with its owner.
 * @throws TenonError `login_pending`, `login_slow_down`, `login_denied`, `login_expired`
 */
export async function collectDeviceKey(
  { database, now }: { database: Kysely<Schema>; now: () => number },
  request: { deviceCode: string; address: string; requestId: string },
): Promise<CollectedDeviceKey> {
  // What is remembered of a question must outlive the error that answers it.
  const outcome = await database.transaction().execute(async (transaction) => {
    const at = new Date(now());
    const login = await lockLogin(transaction, { deviceHash: hashSecret(request.deviceCode), now: at });
    if (!login || login.expiresAt <= at || login.status === 'collected') return loginOver();
    if (login.status === 'denied') return new TenonError('login_denied', 'The login was denied.');
    if (login.status === 'pending') return answerPending(transaction, { login, at });
    const approver = approverOf(login);
    if (!approver) {
      return new TenonError('login_denied', 'The key that approved the login is not good any more.', {
        hint: 'Run `tenon login` again, and let it be approved with a key that is.',
      });
    }
    const name = `tenon login on ${login.hostName}`.slice(0, 100);
    const { scopes, expiresInDays } = login;
    const made = await createApiKey(transaction, { caller: approver, name, scopes, expiresInDays });
    await markCollected(transaction, login.id);
    await writeAudit(transaction, {
      actor: {
        environmentId: approver.environmentId,
        kind: 'api_key',
        id: String(approver.keyId),
        name: approver.keyName,
      },
      action: 'key.create',
      subject: `key:${made.id}`,
      details: { name, scopes, expiresInDays, login: login.id },
      address: request.address,
      requestId: request.requestId,
    });
    return { ...made, environment: approver.environment };
  });
  if (outcome instanceof TenonError) throw outcome;
  return outcome;
}

async function answerPending(
  database: Kysely<Schema>,
  { login, at }: { login: LockedLogin; at: Date },
): Promise<TenonError> {
  const { id, askedAt } = login;
  const isEarly = askedAt !== null && at.getTime() - askedAt.getTime() < login.intervalSeconds * 1_000 - toleranceMs;
  const intervalSeconds = login.intervalSeconds + (isEarly ? slowDownSeconds : 0);
  await noteQuestion(database, { id, askedAt: at, intervalSeconds });
  const details = { intervalSeconds };
  return isEarly
    ? new TenonError('login_slow_down', `The key was asked for before ${login.intervalSeconds} s were over.`, {
        hint: `Wait ${intervalSeconds} s between two questions.`,
        details,
      })
    : new TenonError('login_pending', 'Nobody has decided about the login yet.', { details });
}

function approverOf(login: LockedLogin): ApiKeyOwner | undefined {
  const { approverId, approverName, approverScopes, environmentId, environment } = login;
  if (login.approverGood !== true) return undefined;
  if (approverId === null || approverName === null || approverScopes === null) return undefined;
  if (environmentId === null || environment === null) return undefined;
  return {
    keyId: approverId,
    keyName: approverName,
    keyPrefix: '',
    scopes: approverScopes,
    expiresAt: login.approverExpiresAt,
    environmentId,
    environment,
  };
}
