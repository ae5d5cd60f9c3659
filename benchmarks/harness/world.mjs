import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execute, repository, startProcess, tenonBin, waitUntil } from './processes.mjs';

/** A project outside the repository in which the repository's packages resolve. */
export async function createProject(files) {
  const root = await mkdtemp(path.join(tmpdir(), 'tenon-bench-'));
  const modules = path.join(root, 'node_modules');
  await mkdir(path.join(modules, '@tenon'), { recursive: true });
  await symlink(path.join(repository, 'packages/cli'), path.join(modules, 'tenon'));
  await symlink(path.join(repository, 'packages/runtime'), path.join(modules, '@tenon/runtime'));
  await symlink(path.join(repository, 'packages/runtime/node_modules/zod'), path.join(modules, 'zod'));
  for (const [name, text] of Object.entries({ ...baseFiles, ...files })) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

const baseFiles = {
  'package.json': '{ "name": "bench", "private": true, "type": "module" }\n',
  'tenon.config.ts': `import { defineConfig } from '@tenon/runtime';
export default defineConfig({ integrations: { sandbox: { provider: 'sandbox' } } });
`,
  'tsconfig.json': `{
  "compilerOptions": { "target": "es2022", "module": "preserve", "strict": true, "noEmit": true, "skipLibCheck": true, "types": [] },
  "include": ["tenon.config.ts", "integrations"]
}
`,
};

export async function startServer(project, env = {}) {
  const startedAt = performance.now();
  const nodeFlags = (process.env.BENCH_SERVER_FLAGS ?? '').split(' ').filter(Boolean);
  const bin = path.join(repository, 'packages/server/bin/tenon-server.js');
  const server = startProcess([process.execPath, ...nodeFlags, bin], {
    cwd: project.root,
    env: {
      ...process.env,
      TENON_DATA_DIRECTORY: path.join(project.root, '.tenon'),
      TENON_PORT: '0',
      TENON_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const url = await waitUntil('the server is ready', async () => {
    if (server.child.exitCode !== null) throw new Error(server.output());
    const text = await readFile(path.join(project.root, '.tenon/server.json'), 'utf8').catch(() => undefined);
    const info = text ? JSON.parse(text) : undefined;
    return info?.pid === server.child.pid ? info.url : undefined;
  });
  await waitUntil('it answers', async () =>
    (await fetch(`${url}/v1/ready`).catch(() => undefined))?.ok ? true : undefined,
  );
  const readyMs = performance.now() - startedAt;
  const apiKey = (await readFile(path.join(project.root, '.tenon/api-key'), 'utf8')).trim();
  const call = async (method, route, body) => {
    const response = await fetch(`${url}${route}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route} answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return { ...server, url, apiKey, call, readyMs };
}

export async function startSandbox(env = {}) {
  const sandbox = startProcess(
    [process.execPath, path.join(repository, 'examples/sandbox-api/bin/tenon-sandbox-api.js')],
    {
      env: { ...process.env, SANDBOX_PORT: '0', ...env },
    },
  );
  const url = await waitUntil('the sandbox answers', () => {
    if (sandbox.child.exitCode !== null) throw new Error(sandbox.output());
    return /"url":"([^"]+)"/.exec(sandbox.output())?.[1];
  });
  const control = (route, body) =>
    fetch(`${url}/_control/${route}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).then((response) => response.json());
  return { ...sandbox, url, control };
}

export async function deploy(project, server) {
  await execute([process.execPath, tenonBin, 'deploy', '--yes'], {
    cwd: project.root,
    env: { ...process.env, TENON_URL: server.url, TENON_API_KEY: server.apiKey },
  });
}

export async function connect(server, sandbox, id = 'acme') {
  await server.call('POST', '/v1/connections', {
    integration: 'sandbox',
    id,
    credentials: { mode: 'api_key', values: { apiKey: 'sandbox-key' } },
    config: { baseUrl: sandbox.url },
  });
}

/** Triggers a sync and waits for the end of its run. */
export async function runSync(server, sync, connection = 'acme') {
  const { run } = await server.call('POST', `/v1/connections/sandbox/${connection}/syncs/${sync}/trigger`);
  return waitUntil(
    `run ${run.id} has ended`,
    async () => {
      const current = await server.call('GET', `/v1/runs/${run.id}`);
      if (current.finishedAt === null) return undefined;
      if (current.status !== 'succeeded') throw new Error(JSON.stringify(current));
      return current;
    },
    300_000,
    20,
  );
}
