import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiScope, CollectedDeviceKey, DeviceLogin, StartedDeviceLogin } from '@tenon/runtime/contract';
import { createDeviceLoginLimits } from './middleware/rate-limit/device-login-limits.ts';
import { errorOf } from './testing/error-of.ts';
import { openHttpRoom, type HttpRoom } from './testing/http-room.ts';

let http: HttpRoom;

beforeAll(async () => {
  http = await openHttpRoom(undefined, { publicUrl: () => 'https://tenon.example/base' });
});
afterAll(() => http.close());

async function start(more: Record<string, unknown> = {}): Promise<StartedDeviceLogin> {
  const answer = await http.call('POST', '/v1/device/authorization', {
    payload: { hostName: 'ada-laptop', ...more },
    headers: { authorization: '' },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as StartedDeviceLogin;
}

const collect = (deviceCode: string) =>
  http.call('POST', '/v1/device/token', { payload: { deviceCode }, headers: { authorization: '' } });

const decide = (code: string, verb: 'approve' | 'deny', options: { key?: string; payload?: unknown } = {}) =>
  http.call('POST', `/v1/device/logins/${code}/${verb}`, {
    ...(verb === 'approve' && { payload: options.payload ?? {} }),
    ...(options.key !== undefined && { headers: { authorization: `Bearer ${options.key}` } }),
  });

async function makeKey(scopes: ApiScope[], more: Record<string, unknown> = {}): Promise<{ id: number; key: string }> {
  const { body } = await http.call('POST', '/v1/keys', { payload: { name: 'approver', scopes, ...more } });
  return body as { id: number; key: string };
}

describe('the login of a command line', () => {
  it('waits, is approved, and collects a key of its own once', async () => {
    const started = await start();
    expect(started).toMatchObject({
      userCode: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verificationUrl: 'https://tenon.example/base/device',
      verificationUrlComplete: `https://tenon.example/base/device#${started.userCode}`,
      expiresInSeconds: 600,
      intervalSeconds: 5,
    });
    expect(errorOf(await collect(started.deviceCode))).toMatchObject({ code: 'login_pending' });
    const seen = await http.call('GET', `/v1/device/logins/${started.userCode.toLowerCase().replace('-', ' ')}`);
    expect(seen.body).toMatchObject({ hostName: 'ada-laptop', address: '127.0.0.1', environment: 'dev' });
    expect((seen.body as DeviceLogin).grantedScopes).not.toContain('admin');
    expect(await decide(started.userCode, 'approve')).toMatchObject({ status: 200 });
    const collected = await collect(started.deviceCode);
    expect(collected.status).toBe(201);
    const made = collected.body as CollectedDeviceKey;
    expect(made).toMatchObject({ name: 'tenon login on ada-laptop', environment: 'dev' });
    const lifeDays = (Date.parse(made.expiresAt ?? '') - Date.parse(made.createdAt)) / 86_400_000;
    expect(lifeDays).toBeCloseTo(90, 1);
    const whoami = await http.call('GET', '/v1/whoami', { headers: { authorization: `Bearer ${made.key}` } });
    expect(whoami.body).toMatchObject({ key: { id: made.id, expiresAt: made.expiresAt } });
    expect(errorOf(await collect(started.deviceCode))).toMatchObject({ code: 'login_expired' });
    const { body } = await http.call('GET', '/v1/audit-log?limit=10');
    const { items } = body as { items: { action: string; subject: string; details: unknown }[] };
    expect(items).toContainEqual(
      expect.objectContaining({
        action: 'login.approve',
        details: expect.objectContaining({ hostName: 'ada-laptop' }),
      }),
    );
    expect(items).toContainEqual(expect.objectContaining({ action: 'key.create', subject: `key:${made.id}` }));
    expect(JSON.stringify(items)).not.toContain(made.key);
  });

  it('gives one key to two who collect at once', async () => {
    const { deviceCode, userCode } = await start();
    await decide(userCode, 'approve');
    const answers = await Promise.all([collect(deviceCode), collect(deviceCode), collect(deviceCode)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 410, 410]);
  });

  it('keeps neither the code of the device nor a key in the database', async () => {
    const { deviceCode, userCode } = await start();
    await decide(userCode, 'approve');
    const { rows } = await http.room.pool.query('select l::text as text from device_logins l');
    const dump = JSON.stringify(rows);
    expect(dump).toContain(userCode);
    expect(dump).not.toContain(deviceCode);
    const { rows: keys } = await http.room.pool.query(
      "select 1 from api_keys where name = 'tenon login on ada-laptop' and last_used_at is null and created_at > now()",
    );
    expect(keys).toEqual([]);
  });

  it('is told when it is denied, and cannot be approved afterwards', async () => {
    const { deviceCode, userCode } = await start();
    expect(await decide(userCode, 'deny')).toMatchObject({ status: 204 });
    expect(errorOf(await collect(deviceCode))).toMatchObject({ code: 'login_denied' });
    expect(errorOf(await decide(userCode, 'approve'))).toMatchObject({ code: 'login_expired' });
    const { body } = await http.call('GET', '/v1/audit-log?action=login.deny');
    expect(body).toMatchObject({ items: [{ subject: `login:${userCode}` }] });
  });

  it('is over after ten minutes, approved or not', async () => {
    const [waiting, approved] = [await start(), await start()];
    await decide(approved.userCode, 'approve');
    http.room.pass(600_000);
    expect(errorOf(await collect(waiting.deviceCode))).toMatchObject({ code: 'login_expired' });
    expect(errorOf(await collect(approved.deviceCode))).toMatchObject({ code: 'login_expired' });
    expect(errorOf(await decide(waiting.userCode, 'approve'))).toMatchObject({ code: 'login_expired' });
    http.room.pass(600_001);
    await start();
    const { rows } = await http.room.pool.query('select count(*)::int as count from device_logins');
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('has to slow down when it asks too often', async () => {
    const { deviceCode } = await start();
    expect(errorOf(await collect(deviceCode))).toMatchObject({ code: 'login_pending' });
    expect(errorOf(await collect(deviceCode))).toMatchObject({
      code: 'login_slow_down',
      details: { intervalSeconds: 10 },
    });
    http.room.pass(6_000);
    expect(errorOf(await collect(deviceCode))).toMatchObject({
      code: 'login_slow_down',
      details: { intervalSeconds: 15 },
    });
    http.room.pass(15_000);
    expect(errorOf(await collect(deviceCode))).toMatchObject({ code: 'login_pending' });
  });
});

describe('whoever approves', () => {
  it('gives no more scopes and no longer life than their own key has', async () => {
    const { key } = await makeKey(['keys:write', 'records:read'], { expiresInDays: 3 });
    const { deviceCode, userCode } = await start({ scopes: ['records:read', 'audit:read'], expiresInDays: 365 });
    const { body } = await decide(userCode, 'approve', { key });
    expect(body).toMatchObject({ requestedScopes: ['records:read', 'audit:read'], grantedScopes: ['records:read'] });
    const made = (await collect(deviceCode)).body as CollectedDeviceKey;
    expect(made.scopes).toEqual(['records:read']);
    expect(Date.parse(made.expiresAt ?? '') - Date.now()).toBeLessThan(3 * 86_400_000);
  });

  it('may give less than is asked for, and neither more nor nothing', async () => {
    const { key } = await makeKey(['keys:write', 'records:read']);
    const { userCode } = await start({ scopes: ['audit:read', 'syncs:read'] });
    expect(errorOf(await decide(userCode, 'approve', { key }))).toMatchObject({ code: 'forbidden' });
    const wider = { scopes: ['admin'] };
    expect(errorOf(await decide(userCode, 'approve', { payload: wider }))).toMatchObject({ code: 'request_invalid' });
    const { body } = await decide(userCode, 'approve', { payload: { scopes: ['syncs:read'] } });
    expect(body).toMatchObject({ grantedScopes: ['syncs:read'] });
  });

  it('needs the scope to make keys', async () => {
    const { key } = await makeKey(['keys:read']);
    const { userCode } = await start();
    for (const verb of ['approve', 'deny'] as const) {
      expect(errorOf(await decide(userCode, verb, { key }))).toMatchObject({ code: 'forbidden' });
    }
  });

  it('gives nothing once their own key is revoked', async () => {
    const { id, key } = await makeKey(['keys:write', 'records:read']);
    const { deviceCode, userCode } = await start({ scopes: ['records:read'] });
    await decide(userCode, 'approve', { key });
    await http.call('DELETE', `/v1/keys/${id}`);
    expect(errorOf(await collect(deviceCode))).toMatchObject({ code: 'login_denied' });
  });
});

describe('floods and guesses', () => {
  it('lets so many logins of one network wait', async () => {
    http.room.pass(1_200_000);
    for (let n = 0; n < 20; n += 1) await start();
    const payload = { hostName: 'one-more' };
    expect(errorOf(await http.call('POST', '/v1/device/authorization', { payload }))).toMatchObject({
      code: 'rate_limited',
    });
    http.room.pass(600_000);
    await start();
  });

  it('refuses whoever tries codes, even the right one, until a minute has passed', async () => {
    let nowMs = 0;
    const strict = await openHttpRoom(undefined, { deviceLogins: createDeviceLoginLimits(() => nowMs) });
    try {
      const { body } = await strict.call('POST', '/v1/device/authorization', { payload: { hostName: 'laptop' } });
      const { userCode, deviceCode } = body as StartedDeviceLogin;
      for (let n = 0; n < 10; n += 1) {
        const guess = await strict.call('GET', '/v1/device/logins/BBBB-BBBB');
        expect(errorOf(guess)).toMatchObject({ code: 'login_expired' });
      }
      const late = await strict.call('POST', `/v1/device/logins/${userCode}/approve`, { payload: {} });
      expect(errorOf(late)).toMatchObject({ code: 'rate_limited', details: { retryAfterSeconds: 60 } });
      expect(late.headers['retry-after']).toBe('60');
      nowMs += 60_000;
      expect(await strict.call('GET', `/v1/device/logins/${userCode}`)).toMatchObject({ status: 200 });
      const questions = await Promise.all(
        Array.from({ length: 61 }, () => strict.call('POST', '/v1/device/token', { payload: { deviceCode } })),
      );
      expect(questions.filter(({ body: refusal }) => JSON.stringify(refusal).includes('rate_limited'))).toHaveLength(1);
    } finally {
      await strict.close();
    }
  });

  it.each([
    [{ hostName: '' }],
    [{ hostName: 'bad\u001b[2J' }],
    [{ hostName: 'x', scopes: [] }],
    [{ hostName: 'x', scopes: ['everything'] }],
    [{ hostName: 'x', expiresInDays: 366 }],
  ])('refuses %j', async (payload) => {
    expect(errorOf(await http.call('POST', '/v1/device/authorization', { payload }))).toMatchObject({
      code: 'request_invalid',
    });
  });
});

describe('the page', () => {
  it('is the same for everybody, runs only its own script, and is framed by nobody', async () => {
    const page = await http.app.inject('/device?code=<script>');
    expect(page.statusCode).toBe(200);
    expect(page.payload).not.toContain('code=');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page.payload).not.toMatch(/<script>|style=|onclick/);
    expect((await http.app.inject('/device.js')).headers['content-type']).toContain('javascript');
    expect((await http.app.inject('/device.css')).headers['content-type']).toContain('text/css');
  });

  it('keeps the key in no storage', async () => {
    const { payload } = await http.app.inject('/device.js');
    expect(payload).not.toMatch(/localStorage|sessionStorage|cookie|indexedDB/);
  });
});

it('lets every key revoke itself, but the one that the server is configured with', async () => {
  const { id, key } = await makeKey(['records:read']);
  const headers = { authorization: `Bearer ${key}` };
  expect(await http.call('DELETE', '/v1/keys/current', { headers })).toMatchObject({ status: 204 });
  expect(errorOf(await http.call('GET', '/v1/whoami', { headers }))).toMatchObject({ code: 'key_revoked' });
  const { body } = await http.call('GET', '/v1/audit-log?action=key.revoke&limit=1');
  expect(body).toMatchObject({ items: [{ subject: `key:${id}` }] });
});
