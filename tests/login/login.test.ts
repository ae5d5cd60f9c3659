import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations } from '../browser/find-violations.ts';
import { startBrowser, type TestBrowser } from '../browser/start-browser.ts';
import { cliPath, expectCli, runCli } from '../harness/run-cli.ts';
import { startTenonServer, type TenonServer } from '../harness/start-tenon-server.ts';

let browser: TestBrowser | undefined;
let server: TenonServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tenon-login-'));
  [browser, server] = await Promise.all([startBrowser(), startTenonServer(path.join(folder, 'data'))]);
}, 120_000);
afterAll(async () => {
  await browser?.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const env = () => ({ XDG_CONFIG_HOME: folder, TENON_KEYRING: 'off', TENON_URL: '', TENON_API_KEY: '' });
const tenon = (...parts: string[]) => runCli([...parts, '--json'], { cwd: folder, env: env() });

interface Waiting {
  readonly url: string;
  readonly urlWithCode: string;
  readonly userCode: string;
  readonly exit: Promise<number | null>;
}

/** Runs `tenon login` until it shows its code. */
async function startLogin(profile: string): Promise<Waiting> {
  const child = spawn(process.execPath, [cliPath, 'login', server.url, '--device', '--profile', profile, '--json'], {
    cwd: folder,
    env: { ...process.env, ...env() },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const shown = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', reject);
  });
  return { ...(JSON.parse(shown) as Omit<Waiting, 'exit'>), exit };
}

test('a login is approved in a browser, works, and ends with its key', { timeout: 90_000 }, async () => {
  const login = await startLogin('work');
  expect(login.urlWithCode).toBe(`${server.url}/device#${login.userCode}`);
  const visit = await browser?.visit({ viewport: { width: 800, height: 900 } });
  const page = await visit?.newPage();
  if (!visit || !page) throw new Error('There is no browser.');
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));

  await page.goto(login.urlWithCode);
  expect(page.url()).toBe(login.url);
  await expect.poll(() => page.getByLabel('Code').inputValue()).toBe(login.userCode);
  expect(await findViolations(page)).toEqual([]);

  await page.getByLabel('Your API key').fill('tnn_wrong');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alert').getByText('API key is').waitFor();
  // The refusal itself is an error to the console of a browser.
  problems.length = 0;

  await page.getByLabel('Your API key').fill(server.apiKey);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Does this computer get a key?' }).waitFor();
  const shown = await page.locator('#decide').innerText();
  for (const part of [login.userCode, '127.0.0.1', 'dev', 'deployments:write']) expect(shown).toContain(part);
  expect(await findViolations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await findViolations(page)).toEqual([]);
  const screenshot = process.env['TENON_SCREENSHOTS'];
  if (screenshot !== undefined) await page.screenshot({ path: path.join(screenshot, 'device-dark.png') });

  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('status').getByText('Approved').waitFor();
  expect(problems).toEqual([]);
  expect(await visit.storageState()).toEqual({ cookies: [], origins: [] });
  expect(await page.getByLabel('Your API key').inputValue()).toBe('');
  await visit.close();

  expect(await login.exit).toBe(0);
  const credentials = path.join(folder, 'tenon', 'credentials.json');
  expect((await stat(credentials)).mode & 0o777).toBe(0o600);
  const whoami = JSON.parse(await expectCli(['whoami', '--json'], { cwd: folder, env: env() })) as { profile: string };
  expect(whoami).toMatchObject({
    profile: 'work',
    environment: 'dev',
    key: { name: expect.stringMatching(/^tenon login on /) as string },
  });

  const key = Object.values((JSON.parse(await readFile(credentials, 'utf8')) as { keys: object }).keys)[0] as string;
  expect(await tenon('logout')).toMatchObject({ exitCode: 0 });
  const refused = await fetch(`${server.url}/v1/whoami`, { headers: { authorization: `Bearer ${key}` } });
  expect(refused.status).toBe(401);
  expect(await tenon('whoami')).toMatchObject({ exitCode: 13 });
});

test('a login is approved at a terminal, or denied', { timeout: 90_000 }, async () => {
  const [approved, denied] = await Promise.all([startLogin('approved'), startLogin('denied')]);
  const operator = { cwd: folder, env: { ...env(), TENON_URL: server.url, TENON_API_KEY: server.apiKey } };
  await expectCli(['login', 'approve', approved.userCode.toLowerCase(), '--yes', '--scopes', 'records:read'], operator);
  await expectCli(['login', 'approve', denied.userCode, '--deny'], operator);
  expect(await approved.exit).toBe(0);
  expect(await denied.exit).toBe(13);
  const profile = await tenon('whoami', '--profile', 'approved');
  expect(JSON.parse(profile.stdout)).toMatchObject({ key: { scopes: ['records:read'] } });
  const { items } = JSON.parse((await runCli(['audit', '--json'], operator)).stdout) as { items: { action: string }[] };
  expect(items.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['login.approve', 'login.deny', 'key.create', 'key.revoke']),
  );
});
