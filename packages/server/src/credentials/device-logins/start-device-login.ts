import type { Kysely } from 'kysely';
import { apiScopeSchema, type ApiScope, type StartedDeviceLogin } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import { generateSecret, hashSecret } from '../random-secret.ts';
import { countPendingLogins } from './queries/count-pending-logins.ts';
import { deleteExpiredLogins } from './queries/delete-expired-logins.ts';
import { insertLogin } from './queries/insert-login.ts';
import { generateUserCode } from './user-code.ts';

/** Where people decide about logins. */
export const devicePath = '/device';

const lifetimeSeconds = 600;
const intervalSeconds = 5;

/** Nobody has to show anything before asking, so what waits is counted, for all servers of a database together. */
const mostPending = { ofNetwork: 20, ofAll: 1_000 };

/**
 * Lets a command line wait for somebody who gives it a key.
 * @throws TenonError `rate_limited` when too many wait already
 */
export async function startDeviceLogin(
  { database, publicUrl, now }: { database: Kysely<Schema>; publicUrl: string; now: () => number },
  request: {
    hostName: string;
    scopes?: readonly ApiScope[] | undefined;
    expiresInDays: number;
    address: string;
    network: string;
  },
): Promise<StartedDeviceLogin> {
  const createdAt = new Date(now());
  const { network } = request;
  await deleteExpiredLogins(database, createdAt);
  const pending = await countPendingLogins(database, { network, now: createdAt });
  if (pending.ofNetwork >= mostPending.ofNetwork || pending.ofAll >= mostPending.ofAll) throw tooManyWait();
  const deviceCode = `tdc_${generateSecret()}`;
  const row = {
    device_hash: hashSecret(deviceCode),
    host_name: request.hostName,
    address: request.address,
    network,
    scopes: [...new Set(request.scopes ?? apiScopeSchema.options.filter((scope) => scope !== 'admin'))],
    expires_in_days: request.expiresInDays,
    interval_seconds: intervalSeconds,
    created_at: createdAt,
    expires_at: new Date(createdAt.getTime() + lifetimeSeconds * 1_000),
  };
  // A code that is in use is as good as never drawn twice in a row.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const userCode = generateUserCode();
    if (!(await insertLogin(database, { ...row, user_code: userCode }))) continue;
    const verificationUrl = publicUrl + devicePath;
    return {
      deviceCode,
      userCode,
      verificationUrl,
      // After the #, so that it is in no log of a proxy.
      verificationUrlComplete: `${verificationUrl}#${userCode}`,
      expiresInSeconds: lifetimeSeconds,
      intervalSeconds,
    };
  }
  throw tooManyWait();
}

function tooManyWait(): TenonError {
  return new TenonError('rate_limited', 'Too many logins wait to be approved.', {
    hint: 'Approve or deny those that wait, or try again in ten minutes.',
    details: { retryAfterSeconds: lifetimeSeconds },
  });
}
