import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A window is small enough for a phone or large enough for a desk; nothing waits longer than this (milliseconds). */
const actionTimeoutMs = 15_000;

export interface TestBrowser {
  /** A visitor who was never here: no cookies, no storage. */
  visit(options?: BrowserContextOptions): Promise<BrowserContext>;
  stop(): Promise<void>;
}

/**
 * Starts Chromium with a fresh profile, once for a test file.
 * @throws when there is none: `node scripts/install-browser.mjs` installs it
 */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: flags,
  });
  return {
    async visit(options = {}) {
      const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
      context.setDefaultTimeout(actionTimeoutMs);
      return context;
    },
    stop: () => browser.close(),
  };
}
