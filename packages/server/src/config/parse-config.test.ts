import { randomBytes } from 'node:crypto';
import { TenonError } from '@tenon/runtime/errors';
import { describe, expect, it } from 'vitest';
import { describeVariables } from './describe-variables.ts';
import { parseConfig } from './parse-config.ts';

function failureOf(variables: Record<string, string>): TenonError {
  try {
    parseConfig(variables, '/project');
  } catch (error) {
    if (error instanceof TenonError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe('parseConfig', () => {
  it('fills in defaults for an empty environment', () => {
    expect(parseConfig({}, '/project')).toMatchObject({
      port: 4600,
      host: '127.0.0.1',
      databaseUrl: undefined,
      databaseSessions: undefined,
      dataDirectory: '/project/.tenon',
      environment: 'dev',
      encryptionKey: undefined,
      apiKey: undefined,
      workerMemoryMb: 256,
      allowPrivateAddresses: true,
      logLevel: 'info',
    });
  });

  it('reads every variable', () => {
    const key = randomBytes(32);
    const config = parseConfig(
      {
        TENON_PORT: '0',
        TENON_HOST: '0.0.0.0',
        TENON_PUBLIC_URL: 'https://tenon.example.com/',
        TENON_VAR_GITHUB_CLIENT_SECRET: 'hush',
        DATABASE_URL: 'postgres://u:p@db/tenon',
        TENON_DATABASE_SESSIONS: '12',
        TENON_DATA_DIRECTORY: '/var/lib/tenon',
        TENON_ENCRYPTION_KEY: key.toString('base64'),
        TENON_ENCRYPTION_KEY_PREVIOUS: `${key.toString('base64')}, ${key.toString('base64')}`,
        TENON_API_KEY: 'k'.repeat(32),
        TENON_TRUST_PROXY: '10.0.0.0/8, ::1',
        TENON_RATE_LIMIT: '7',
        TENON_AUDIT_DAYS: '30',
        TENON_HISTORY_DAYS: '7',
        TENON_RUN_DAYS: '31',
        TENON_LOG_DAYS: '32',
        TENON_CAPTURE_DAYS: '3',
        TENON_DELETED_RECORD_DAYS: '33',
        TENON_ENVIRONMENT: 'prod',
        TENON_WORKERS: '3',
        TENON_WORKER_MEMORY_MB: '128',
        TENON_ALLOW_PRIVATE_ADDRESSES: 'true',
        TENON_LOG_LEVEL: 'warn',
        NODE_ENV: 'production',
      },
      '/project',
    );
    expect(config).toEqual({
      port: 0,
      host: '0.0.0.0',
      publicUrl: 'https://tenon.example.com',
      variables: { GITHUB_CLIENT_SECRET: 'hush' },
      databaseUrl: 'postgres://u:p@db/tenon',
      databaseSessions: 12,
      dataDirectory: '/var/lib/tenon',
      encryptionKey: key,
      previousEncryptionKeys: [key, key],
      trustProxy: ['10.0.0.0/8', '::1'],
      rateLimit: 7,
      auditDays: 30,
      historyDays: 7,
      runDays: 31,
      logDays: 32,
      captureDays: 3,
      deletedRecordDays: 33,
      apiKey: 'k'.repeat(32),
      environment: 'prod',
      workers: 3,
      workerMemoryMb: 128,
      allowPrivateAddresses: true,
      logLevel: 'warn',
    });
  });

  it('treats a variable that is set to nothing as absent', () => {
    expect(parseConfig({ TENON_PORT: '', DATABASE_URL: ' ' }, '/project')).toMatchObject({
      port: 4600,
      databaseUrl: undefined,
    });
  });

  it.each(['perhaps', '10.0.0.0/8;::1', 'proxy.local'])('refuses to trust the proxy %s', (TENON_TRUST_PROXY) => {
    expect(failureOf({ TENON_TRUST_PROXY }).message).toContain('TENON_TRUST_PROXY');
  });

  it('names every problem at once, and no value', () => {
    const error = failureOf({
      TENON_PORT: '70000',
      TENON_API_KEY: 'too-short-secret',
      TENON_ENCRYPTION_KEY: 'bm90IDMyIGJ5dGVz',
      DATABASE_URL: 'mysql://user:hunter2@db',
      TENON_LOG_LEVEL: 'loud',
    });
    expect(error.code).toBe('server_config_invalid');
    for (const name of ['TENON_PORT', 'TENON_API_KEY', 'TENON_ENCRYPTION_KEY', 'DATABASE_URL', 'TENON_LOG_LEVEL']) {
      expect(error.message).toContain(name);
    }
    const everything = JSON.stringify([error.message, error.hint, error.details]);
    for (const secret of ['too-short-secret', 'bm90IDMyIGJ5dGVz', 'hunter2']) expect(everything).not.toContain(secret);
  });

  it.each(['4600.5', '-1', 'http', '1e3'])('refuses the port %s', (port) => {
    expect(failureOf({ TENON_PORT: port }).code).toBe('server_config_invalid');
  });

  it('keeps production away from private addresses unless told otherwise', () => {
    const production = { NODE_ENV: 'production', TENON_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    const allows = (variables: object) => parseConfig({ ...production, ...variables }, '/').allowPrivateAddresses;
    expect(allows({})).toBe(false);
    expect(allows({ TENON_ALLOW_PRIVATE_ADDRESSES: 'true' })).toBe(true);
    expect(parseConfig({ TENON_ALLOW_PRIVATE_ADDRESSES: 'false' }, '/').allowPrivateAddresses).toBe(false);
    expect(failureOf({ TENON_ALLOW_PRIVATE_ADDRESSES: 'no' })).toMatchObject({ code: 'server_config_invalid' });
  });

  it('refuses production without an encryption key', () => {
    expect(failureOf({ NODE_ENV: 'production' })).toMatchObject({ code: 'encryption_key_missing' });
  });
});

describe('describeVariables', () => {
  it('describes every variable and its default', () => {
    const table = describeVariables();
    expect(table.filter(({ description }) => description === '')).toEqual([]);
    expect(table.find(({ name }) => name === 'TENON_PORT')).toMatchObject({ default: '4600' });
    expect(table.find(({ name }) => name === 'DATABASE_URL')).toMatchObject({ default: undefined });
  });
});
