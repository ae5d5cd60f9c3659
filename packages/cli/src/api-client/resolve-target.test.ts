import { describe, expect, it } from 'vitest';
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
});
