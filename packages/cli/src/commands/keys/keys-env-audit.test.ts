import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiKey, AuditEntry, Variable } from '@tenon/runtime/contract';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleIntegration, sampleTime } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runAudit } from '../audit/run-audit.ts';
import { runEnvList } from '../env/run-env-list.ts';
import { runEnvSet } from '../env/run-env-set.ts';
import { runEnvUnset } from '../env/run-env-unset.ts';
import { runKeysCreate } from './run-keys-create.ts';
import { runKeysList } from './run-keys-list.ts';
import { runKeysRevoke } from './run-keys-revoke.ts';
import { runKeysRotate } from './run-keys-rotate.ts';

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const context = (options: Parameters<typeof createTestContext>[0] = {}) =>
  createTestContext({ url: server.url, apiKey: server.apiKey, ...options });
const page = (...items: unknown[]) => ({ status: 200, body: { items, nextCursor: null } });
const sent = () => JSON.parse(server.requests.find(({ body }) => body !== '')?.body ?? '{}') as Record<string, unknown>;

const key = (more: Partial<ApiKey>): ApiKey => ({
  id: 1,
  name: 'ci',
  prefix: 'tnn_abcd',
  scopes: ['records:read'],
  createdAt: sampleTime,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  ...more,
});
const variable = (more: Partial<Variable>): Variable => ({
  name: 'CRM_CLIENT_SECRET',
  source: 'stored',
  overrides: false,
  updatedAt: sampleTime,
  ...more,
});

describe('tenon keys', () => {
  it('lists the keys that are good, over all pages, and all of them when asked', async () => {
    const revoked = key({ id: 2, name: 'gone', revokedAt: sampleTime });
    const expired = key({ id: 3, name: 'over', expiresAt: sampleTime });
    for (let n = 0; n < 2; n += 1) {
      server.answerNext('GET /v1/keys?limit=1000', { status: 200, body: { items: [key({})], nextCursor: '1' } });
      server.answerNext('GET /v1/keys?cursor=1', page(revoked, expired));
    }
    const test = context();
    await runKeysList(test, {});
    expect(test.stdout()).toMatch(/1 +ci +tnn_abcd\.\.\. +active +never +never +records:read/);
    expect(test.stdout()).not.toContain('gone');
    const all = context();
    await runKeysList(all, { all: true });
    expect(all.stdout()).toMatch(/2 +gone .*revoked[^]*3 +over .*expired/);
  });

  it('prints a new key alone on stdout', async () => {
    server.answerNext('POST /v1/keys$', { status: 201, body: { ...key({}), key: 'tnn_abcd_whole' } });
    const test = context();
    await runKeysCreate(test, 'ci', { scopes: ['records:read'], expiresInDays: 30 });
    expect(sent()).toEqual({ name: 'ci', scopes: ['records:read'], expiresInDays: 30 });
    expect(test.stdout()).toBe('tnn_abcd_whole\n');
    expect(test.stderr()).toContain('shown this once');
  });

  it('names the scopes when one is unknown, and asks no server', async () => {
    await expect(runKeysCreate(context(), 'ci', { scopes: ['everything'] })).rejects.toMatchObject({
      code: 'usage_invalid',
      hint: expect.stringContaining('records:read'),
    });
    expect(server.requests).toEqual([]);
  });

  it('revokes a key, and only after a yes', async () => {
    await expect(runKeysRevoke(context(), 7, {})).rejects.toMatchObject({ code: 'input_needed' });
    server.answerNext('DELETE /v1/keys/7$', { status: 204 });
    const test = context({ isJson: true });
    await runKeysRevoke(test, 7, { yes: true });
    expect(JSON.parse(test.stdout())).toEqual({ revoked: 7 });
    expect(server.requests).toHaveLength(1);
  });

  it('rotates the encryption key and waits until nothing is left', async () => {
    const rotation = (remaining: number) => ({ keyId: '0a0b0c0d', createdAt: sampleTime, remaining, olderKeys: 1 });
    server.answerNext('POST /v1/keys/encryption/rotate$', { status: 202, body: rotation(2) });
    server.answerNext('GET /v1/keys/encryption$', { status: 200, body: rotation(0) });
    const test = context();
    await runKeysRotate(test, {});
    expect(test.stdout()).toContain('Every secret is encrypted with the key 0a0b0c0d.');
    server.answerNext('POST /v1/keys/encryption/rotate$', { status: 202, body: rotation(2) });
    const impatient = context();
    await runKeysRotate(impatient, { wait: false });
    expect(impatient.stdout()).toContain('2 secrets are still to be re-encrypted');
    expect(server.requests).toHaveLength(3);
  });

  it('ends the waiting when it is interrupted', async () => {
    const body = { keyId: '0a0b0c0d', createdAt: sampleTime, remaining: 2, olderKeys: 1 };
    server.answerNext('POST /v1/keys/encryption/rotate$', { status: 202, body });
    const test = context();
    const rotating = runKeysRotate(test, {});
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    test.interrupt();
    await expect(rotating).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('tenon env', () => {
  it('lists where variables come from', async () => {
    const ofServer = variable({ name: 'OTHER', source: 'server', updatedAt: null });
    server.answerNext('GET /v1/variables', page(variable({ overrides: true }), ofServer));
    const test = context();
    await runEnvList(test, {});
    expect(test.stdout()).toMatch(/CRM_CLIENT_SECRET +stored \(over the server's TENON_VAR_CRM_CLIENT_SECRET\)/);
    expect(test.stdout()).toMatch(/OTHER +the server's TENON_VAR_OTHER/);
  });

  it.each([
    ['stdin, by -', '-', false],
    ['stdin, when nobody can be asked', undefined, false],
    ['the environment', 'env:SECRET', false],
    ['an argument, with a warning', 'hush-1', true],
  ])('stores a value from %s, and prints it nowhere', async (_what, value, warns) => {
    server.answerNext('PUT /v1/variables/CRM_CLIENT_SECRET$', { status: 200, body: variable({}) });
    const test = context({ variables: { SECRET: 'hush-1' } });
    await runEnvSet(test, { name: 'CRM_CLIENT_SECRET', value }, {}, () => Promise.resolve('hush-1\n'));
    expect(sent()).toEqual({ value: 'hush-1' });
    expect(test.stdout() + test.stderr()).not.toContain('hush-1');
    expect(test.stderr().includes('history')).toBe(warns);
  });

  it('does not warn of what is no secret', async () => {
    const clientId = { name: 'clientId', title: 'Client ID', secret: false, source: 'missing' as const };
    server.state.integrations = [sampleIntegration({ values: [{ ...clientId, variable: 'CRM_CLIENT_ID' }] })];
    server.answerNext('PUT /v1/variables/CRM_CLIENT_ID$', { status: 200, body: variable({ name: 'CRM_CLIENT_ID' }) });
    const test = context();
    await runEnvSet(test, { name: 'CRM_CLIENT_ID', value: 'id-1' }, {});
    expect(test.stderr()).toBe('');
  });

  it('says when the stored value is used instead of the one of the server', async () => {
    server.answerNext('PUT /v1/variables/CRM_CLIENT_SECRET$', { status: 200, body: variable({ overrides: true }) });
    const test = context({ variables: { SECRET: 'hush-1' } });
    await runEnvSet(test, { name: 'CRM_CLIENT_SECRET', value: 'env:SECRET' }, {});
    expect(test.stderr()).toContain('instead of TENON_VAR_CRM_CLIENT_SECRET');
  });

  it('refuses an empty value', async () => {
    const empty = runEnvSet(context(), { name: 'A', value: '-' }, {}, () => Promise.resolve('\n'));
    await expect(empty).rejects.toMatchObject({ code: 'usage_invalid' });
    expect(server.requests).toEqual([]);
  });

  it('deletes a variable, and passes on why it cannot', async () => {
    server.answerNext('DELETE /v1/variables/A$', { status: 204 });
    const test = context({ isJson: true });
    await runEnvUnset(test, 'A', {});
    expect(JSON.parse(test.stdout())).toEqual({ deleted: 'A' });
    server.answerNext('DELETE /v1/variables/A$', refuse(404, 'not_found', 'There is no variable A.'));
    await expect(runEnvUnset(context(), 'A', {})).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('tenon audit', () => {
  const entry = (more: Partial<AuditEntry>): AuditEntry => ({
    id: 1,
    at: sampleTime,
    actor: { kind: 'api_key', id: '3', name: 'ci' },
    action: 'connection.delete',
    subject: 'connection:github/user1',
    details: {},
    address: '10.0.0.9',
    requestId: 'r-1',
    ...more,
  });

  it('shows who did what, with the filters of the command', async () => {
    const byServer = entry({ actor: { kind: 'system', id: null, name: null }, address: null });
    server.answerNext('GET /v1/audit-log', page(entry({}), byServer));
    const test = context();
    await runAudit(test, { limit: 50, action: 'connection.delete', from: '2026-01-01' });
    expect(test.stdout()).toMatch(/key 3 \(ci\) +connection\.delete +connection:github\/user1 +10\.0\.0\.9/);
    expect(test.stdout()).toContain('the server');
    const asked = new URL(server.requests[0]?.url ?? '', server.url).searchParams;
    expect(Object.fromEntries(asked)).toEqual({
      action: 'connection.delete',
      from: '2026-01-01T00:00:00.000Z',
      limit: '50',
    });
  });

  it('refuses a time that is none', async () => {
    await expect(runAudit(context(), { limit: 1, to: 'yesterday' })).rejects.toMatchObject({ code: 'usage_invalid' });
  });
});
