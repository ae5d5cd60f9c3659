// The hosted Connect page: what a browser downloads, and how long it takes until the page can be used.
import { chromium } from 'playwright-core';
import { median, printFigure } from '../harness/figures.mjs';
import { createProject, startServer } from '../harness/world.mjs';
import { measurePage } from './measure-page.mjs';

const rounds = 20;

const size = await measurePage();
printFigure('all scripts and styles, gzip', `${size.allKb} kB`, '< 120 kB');
printFigure('of these loaded at first (English), gzip', `${size.firstKb} kB`);

const project = await createProject({});
const server = await startServer(project);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
const view = {
  endUser: { id: 'user1' },
  integrations: [],
  connected: [],
  reconnect: null,
  theme: { appName: 'Acme', colorScheme: 'light', radius: 8 },
  language: 'en',
  returnUrl: null,
  allowedOrigins: [],
  expiresAt: '2099-01-01T00:00:00.000Z',
};
view.integrations = Array.from({ length: 80 }, (_, index) => ({
  name: `api-${index}`,
  provider: `api-${index}`,
  displayName: `API ${index}`,
  categories: ['crm'],
  docs: 'https://example.com',
  help: null,
  authMode: 'api_key',
  flow: 'form',
  fields: [],
  settings: null,
  scopes: [],
  unavailable: null,
}));

const loaded = [];
const usable = [];
for (let round = 0; round < rounds; round += 1) {
  // A context of its own has an empty cache.
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  // The session is answered here, so that the figure is the page's own; its files come from the real server.
  await page.route('**/v1/connect/session', (route) => route.fulfill({ json: view }));
  await page.goto(`${server.url}/connect#session=tcs_bench`);
  await page.locator('.choice').last().waitFor();
  const times = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation');
    const paints = performance.getEntriesByName('first-contentful-paint');
    return { loadedMs: navigation.domContentLoadedEventEnd, paintedMs: paints[0]?.startTime, nowMs: performance.now() };
  });
  loaded.push(times.loadedMs);
  usable.push(times.nowMs);
  await context.close();
}
printFigure(`DOMContentLoaded, empty cache (median of ${rounds})`, `${median(loaded).toFixed(0)} ms`);
printFigure(`80 integrations to choose from (median of ${rounds})`, `${median(usable).toFixed(0)} ms`);
await browser.close();
await server.stop();
await project.remove();
