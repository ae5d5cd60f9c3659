import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConnectRoom, type ConnectRoom } from './connect-room.ts';
import { calendar, helpDesk } from './samples.ts';

const source = path.resolve(import.meta.dirname, '../../packages/cli/src/generate/client/connect-browser.ts');

let room: ConnectRoom;
let app: Server;
let appUrl: string;

/** An app with one button, whose page uses the SDK's browser file. */
beforeAll(async () => {
  room = await openConnectRoom();
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    format: 'iife',
    globalName: 'connect',
    write: false,
  });
  const page = `<!doctype html><html lang="en"><title>App</title><button id="go">Connect</button><p id="result"></p>
    <script>${outputFiles[0]?.text}</script>
    <script>
      const show = (text) => { document.getElementById('result').textContent = text; };
      const stop = new AbortController();
      const url = new URLSearchParams(location.search).get('url');
      document.getElementById('go').onclick = () =>
        connect.openConnect({ url: Promise.resolve(url), signal: stop.signal }).then(
          (connected) => show(JSON.stringify(connected)),
          (error) => show(error.code ?? String(error)),
        );
    </script>`;
  app = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page));
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const address = app.address();
  appUrl = `http://localhost:${typeof address === 'object' ? address?.port : ''}`;
});
afterEach(async () => {
  expect(await room.endVisits()).toEqual([]);
});
afterAll(async () => {
  app.close();
  app.closeAllConnections();
  await room.stop();
});

async function openApp(allowedOrigins: string[]): Promise<{ page: Page; context: BrowserContext; popup: Page }> {
  const { page, server } = await room.visit({
    integrations: [{ ...helpDesk, fields: [], settings: null }],
    allowedOrigins,
  });
  await page.goto(`${appUrl}/?url=${encodeURIComponent(server.pageUrl)}`);
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#go')]);
  await popup.getByRole('heading', { name: 'Connect Help Desk' }).waitFor();
  return { page, context: page.context(), popup };
}

const result = (page: Page): Promise<string> => page.locator('#result').innerText();

describe('openConnect in an app', () => {
  it('resolves with the connection, and the window closes by itself', async () => {
    const { page, popup } = await openApp([appUrl]);
    await popup.getByRole('button', { name: 'Connect', exact: true }).click();
    await expect.poll(() => result(page)).toBe('{"integration":"help-desk","connection":"user1"}');
    await expect.poll(() => popup.isClosed()).toBe(true);
  });

  it('leads through the window of the provider, which is opened from a window itself', async () => {
    const { page, server } = await room.visit({ integrations: [calendar], allowedOrigins: [appUrl] });
    await page.goto(`${appUrl}/?url=${encodeURIComponent(server.pageUrl)}`);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#go')]);
    const [provider] = await Promise.all([
      popup.waitForEvent('popup'),
      popup.getByRole('button', { name: 'Continue to Calendar' }).click(),
    ]);
    await provider.click('#agree', { noWaitAfter: true });
    await expect.poll(() => result(page)).toBe('{"integration":"calendar","connection":"user1"}');
  });

  it('rejects when the customer cancels, closes the window, or the app aborts', async () => {
    const { page, popup } = await openApp([appUrl]);
    // The window may be gone before the click is reported as done, which is no failure: what follows from it is checked.
    await popup
      .getByRole('button', { name: 'Cancel' })
      .click()
      .catch((error: unknown) => expect(String(error)).toContain('has been closed'));
    await expect.poll(() => result(page)).toBe('closed');
    await expect.poll(() => popup.isClosed()).toBe(true);
    await page.evaluate("document.getElementById('result').textContent = ''");
    const [second] = await Promise.all([page.waitForEvent('popup'), page.click('#go')]);
    await second.close();
    await expect.poll(() => result(page)).toBe('closed');
    const [third] = await Promise.all([page.waitForEvent('popup'), page.click('#go')]);
    await page.evaluate("stop.abort(new Error('enough'))");
    await expect.poll(() => result(page)).toBe('Error: enough');
    await expect.poll(() => third.isClosed()).toBe(true);
  });

  it('says that the window was blocked', async () => {
    const { page, server } = await room.visit({ allowedOrigins: [appUrl] });
    await page.goto(`${appUrl}/?url=${encodeURIComponent(server.pageUrl)}`);
    await page.evaluate('window.open = () => null');
    await page.click('#go');
    await expect.poll(() => result(page)).toBe('popup_blocked');
  });

  it('does not tell an app whose origin is not allowed, nor believe another page', async () => {
    const { page, popup } = await openApp(['https://other.example.com']);
    await page.evaluate(
      "window.postMessage({ type: 'tenon:connected', integration: 'help-desk', connection: 'forged' }, '*')",
    );
    await popup.getByRole('button', { name: 'Connect', exact: true }).click();
    await popup.getByRole('heading', { name: 'Help Desk is connected' }).waitFor();
    expect(await result(page)).toBe('');
  });
});
