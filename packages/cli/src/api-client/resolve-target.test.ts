import { describe, expect, it } from 'vitest';
import type { NamedProfile } from '../profiles/profile.ts';
import { createTestProject } from '../testing/create-test-project.ts';
import { resolveTarget, type TargetRequest } from './resolve-target.ts';

const nothing: TargetRequest = {
  flags: {},
  env: { url: undefined, apiKey: undefined, variables: {} },
  projectRoot: undefined,
  loadConfig: () => Promise.reject(new Error('The config is not needed.')),
};

const environments = { prod: { url: 'https://tenon.example.com', apiKeyVariable: 'PROD_KEY' } };

async function localProject(pid: number | undefined): Promise<string> {
  const { root } = await createTestProject({
    ...(pid !== undefined && {
      '.tenon/server.json': JSON.stringify({ url: 'http://127.0.0.1:4600', pid, version: '0.1.0' }),
    }),
    '.tenon/api-key': 'local-key\n',
  });
  return root;
}

describe('resolveTarget', () => {
  it('takes flags before everything', async () => {
    const target = await resolveTarget({
      ...nothing,
      flags: { url: 'http://a.example/', apiKey: 'flag-key', env: 'prod' },
      env: { url: 'http://b.example', apiKey: 'env-key', variables: {} },
    });
    expect(target).toEqual({ url: 'http://a.example', urlFrom: '--url', apiKey: 'flag-key', apiKeyFrom: '--api-key' });
  });

  it('takes the key of the environment that was asked for, and says which variable it reads', async () => {
    const request = { ...nothing, flags: { env: 'prod' }, loadConfig: async () => ({ environments }) };
    const target = await resolveTarget({
      ...request,
      env: { url: 'http://b.example', apiKey: 'env-key', variables: { PROD_KEY: 'prod-key' } },
    });
    expect(target).toMatchObject({ url: environments.prod.url, apiKey: 'prod-key', apiKeyFrom: 'PROD_KEY' });
    await expect(resolveTarget(request)).rejects.toMatchObject({
      code: 'not_logged_in',
      hint: expect.stringContaining('PROD_KEY') as string,
    });
  });

  it('names the environments that there are', async () => {
    const request = { ...nothing, flags: { env: 'staging' }, loadConfig: async () => ({ environments }) };
    await expect(resolveTarget(request)).rejects.toMatchObject({
      code: 'usage_invalid',
      hint: expect.stringContaining('prod') as string,
    });
  });

  it('takes TENON_URL and TENON_API_KEY', async () => {
    const env = { url: 'http://b.example', apiKey: 'env-key', variables: {} };
    const target = await resolveTarget({ ...nothing, env, projectRoot: await localProject(process.pid) });
    expect(target).toMatchObject({ urlFrom: 'TENON_URL', apiKeyFrom: 'TENON_API_KEY' });
  });

  it("takes the project's own server with its own key", async () => {
    const env = { url: undefined, apiKey: 'key-of-another-server', variables: {} };
    const target = await resolveTarget({ ...nothing, env, projectRoot: await localProject(process.pid) });
    expect(target).toEqual({
      url: 'http://127.0.0.1:4600',
      urlFrom: '.tenon/server.json',
      apiKey: 'local-key',
      apiKeyFrom: '.tenon/api-key',
    });
  });

  it("never sends the local server's key anywhere else", async () => {
    const request = { ...nothing, flags: { url: 'http://a.example' }, projectRoot: await localProject(process.pid) };
    await expect(resolveTarget(request)).rejects.toMatchObject({ code: 'not_logged_in' });
  });

  it('says that the local server is gone, or was never there', async () => {
    // Above every platform's limit: no such process.
    const gone = { ...nothing, projectRoot: await localProject(2 ** 30) };
    await expect(resolveTarget(gone)).rejects.toMatchObject({ code: 'server_unreachable' });
    const never = { ...nothing, projectRoot: await localProject(undefined) };
    await expect(resolveTarget(never)).rejects.toMatchObject({
      code: 'not_logged_in',
      hint: expect.stringContaining('tenon dev') as string,
    });
    await expect(resolveTarget(nothing)).rejects.toMatchObject({ code: 'not_logged_in', exitCode: 13 });
  });

  it('refuses what is not an address', async () => {
    const request = { ...nothing, flags: { url: 'localhost:4600', apiKey: 'k' } };
    await expect(resolveTarget(request)).rejects.toMatchObject({ code: 'usage_invalid' });
  });

  describe('with profiles', () => {
    const profile = {
      environment: 'dev',
      keyPrefix: 'tnn_',
      expiresAt: null,
      origin: 'login',
      keptIn: 'file',
      savedAt: '2026-01-01T00:00:00Z',
    } as const;
    const work: NamedProfile = { ...profile, name: 'work', url: 'https://work.example' };
    const prod: NamedProfile = { ...profile, name: 'prod', url: environments.prod.url };
    const stale: NamedProfile = {
      ...profile,
      name: 'stale',
      url: 'https://stale.example',
      expiresAt: '2020-01-01T00:00:00Z',
    };
    const all = [work, prod, stale];
    const profiles: TargetRequest['profiles'] = {
      list: async () => all,
      find: async (name) => all.find((one) => one.name === name),
      findByUrl: async (url) => all.find((one) => one.url === url),
      findCurrent: async () => work,
      readKey: async ({ name }) => (name === 'prod' ? 'key-of-prod' : 'key-of-work'),
    };
    const request = { ...nothing, profiles, loadConfig: async () => ({ environments }) };
    const env = { url: 'http://b.example', apiKey: 'env-key', variables: { TENON_PROFILE: 'prod' } };

    it.each([
      [
        '--url before all',
        { flags: { url: work.url, profile: 'prod' }, env },
        { urlFrom: '--url', apiKey: 'key-of-work' },
      ],
      [
        '--profile before variables',
        { flags: { profile: 'work' }, env },
        { url: work.url, apiKey: 'key-of-work', profile: 'work' },
      ],
      [
        '--env before variables',
        { flags: { env: 'prod' }, env },
        { url: prod.url, apiKey: 'key-of-prod', profile: 'prod' },
      ],
      ['TENON_PROFILE before TENON_URL', { env }, { url: prod.url, apiKey: 'key-of-prod' }],
      ['TENON_URL with TENON_API_KEY', { env: { ...env, variables: {} } }, { url: env.url, apiKey: 'env-key' }],
      [
        'TENON_URL with the key of its profile when it comes alone',
        { env: { url: work.url, apiKey: undefined, variables: {} } },
        { url: work.url, apiKey: 'key-of-work' },
      ],
      ['the last login outside a project', {}, { url: work.url, apiKey: 'key-of-work' }],
      [
        '--api-key over the key of a profile',
        { flags: { profile: 'work', apiKey: 'flag' } },
        { url: work.url, apiKey: 'flag' },
      ],
      [
        'the variable of an environment over its profile',
        { flags: { env: 'prod' }, env: { ...env, variables: { PROD_KEY: 'prod-variable' } } },
        { apiKey: 'prod-variable' },
      ],
    ] as const)('takes %s', async (_what, more, expected) => {
      expect(await resolveTarget({ ...request, ...more })).toMatchObject(expected);
    });

    it("takes the project's own server before the last login", async () => {
      const target = await resolveTarget({ ...request, projectRoot: await localProject(process.pid) });
      expect(target).toMatchObject({ apiKeyFrom: '.tenon/api-key' });
      const stopped = resolveTarget({ ...request, projectRoot: await localProject(2 ** 30) });
      await expect(stopped).rejects.toMatchObject({ code: 'server_unreachable' });
    });

    it('never sends another key to the server of a profile', async () => {
      const lost = { ...profiles, readKey: async () => undefined };
      const target = resolveTarget({
        ...request,
        profiles: lost,
        flags: { profile: 'work' },
        env: { ...env, variables: {} },
      });
      await expect(target).rejects.toMatchObject({
        code: 'not_logged_in',
        hint: 'Run `tenon login https://work.example --profile work`.',
      });
    });

    it('says when a key has expired, and what mends it', async () => {
      await expect(resolveTarget({ ...request, flags: { profile: 'stale' } })).rejects.toMatchObject({
        code: 'not_logged_in',
        message: expect.stringContaining('2020-01-01') as string,
        hint: 'Run `tenon login https://stale.example --profile stale`.',
      });
    });

    it('names the profiles that there are, and refuses two servers at once', async () => {
      await expect(resolveTarget({ ...request, flags: { profile: 'nope' } })).rejects.toMatchObject({
        code: 'profile_not_found',
        hint: expect.stringContaining('work, prod') as string,
      });
      await expect(resolveTarget({ ...request, flags: { profile: 'work', env: 'prod' } })).rejects.toMatchObject({
        code: 'usage_invalid',
      });
    });
  });
});
