import { TenonError } from '@tenon/runtime/errors';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { recordProblem } from './record-problem.ts';
import { claimRenewal } from './storage/claim-renewal.ts';
import { openRotatingRoom, type RotatingRoom } from './testing/rotating-room.ts';

let room: RotatingRoom;
let connectionId: number;
beforeEach(async () => {
  room = await openRotatingRoom();
  connectionId = await room.connect();
});
afterEach(() => room.close());

const error = new TenonError('provider_unauthorized', 'The provider refused the credentials.');
const claim = () => claimRenewal(room.context.database, { connectionId, version: 1, leaseMs: 40_000 });

it('notes nothing while a token is being renewed, and leaves the claim to whoever renews', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  room.rotator.answer(async (act) => {
    await held;
    return act();
  });
  const renewing = room.context.renewals.renew({ connectionId, force: true });
  await vi.waitUntil(() => room.rotator.renewals() === 1);
  expect(await recordProblem(room.createPeer(), { connectionId, version: 1, error })).toBeUndefined();
  expect(await claim()).toBeUndefined();
  release();
  await renewing;
  expect(await room.show()).toMatchObject({ state: 'active', problem: null });
  expect(await room.events()).not.toContain('connection.failed');
  expect(room.rotator.renewals()).toBe(1);
});

it('ends the claim of the renewal that failed', async () => {
  const claimed = await claim();
  const failed = { connectionId, version: 1, error, claimedAt: claimed?.claimed_at ?? '' };
  expect(await recordProblem(room.context, failed)).toMatchObject({ class: 'revoked' });
  expect(await claim()).toMatchObject({ interrupted_at: null });
});

it('keeps the trace of a renewal whose process is gone', async () => {
  await room.pool.query(`update connections set refresh_started_at = now() - interval '1 hour'`);
  expect(await recordProblem(room.context, { connectionId, version: 1, error })).toMatchObject({ class: 'revoked' });
  expect(await claim()).toMatchObject({ interrupted_at: expect.any(Date) });
});
