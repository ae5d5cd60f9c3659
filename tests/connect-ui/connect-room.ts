import type { BrowserContextOptions, Page } from 'playwright-core';
import type { ConnectView } from '@tenon/runtime/contract';
import { startBrowser } from '../browser/start-browser.ts';
import { startFakeConnectServer, type FakeConnectServer } from './fake-connect-server.ts';

export interface Visit {
  readonly server: FakeConnectServer;
  readonly page: Page;
}

export interface ConnectRoom {
  /** A new visitor on the page of a session of a server of its own. */
  visit(view?: Partial<ConnectView>, options?: BrowserContextOptions): Promise<Visit>;
  /** Ends the visits of a test. @returns what should not have happened: page errors, refused contents, wrong addresses */
  endVisits(): Promise<string[]>;
  stop(): Promise<void>;
}

/** One browser for a test file. */
export async function openConnectRoom(): Promise<ConnectRoom> {
  const browser = await startBrowser();
  const unexpected: string[] = [];
  let ends: (() => Promise<void>)[] = [];
  return {
    async visit(view, options) {
      const server = await startFakeConnectServer(view);
      const context = await browser.visit(options);
      ends.push(async () => {
        await context.close();
        await server.stop();
        unexpected.push(...server.unexpected);
      });
      context.on('weberror', (error) => unexpected.push(error.error().message));
      context.on('console', (message) => {
        // Refusals that tests order are logged by the browser as well.
        if (message.type() === 'error' && !message.text().includes('the server responded with a status')) {
          unexpected.push(message.text());
        }
      });
      context.on('request', (request) => {
        if (!/^http:\/\/(127\.0\.0\.1|localhost):/.test(request.url())) unexpected.push(`asked for ${request.url()}`);
      });
      const page = await context.newPage();
      await page.goto(server.pageUrl);
      return { server, page };
    },
    async endVisits() {
      for (const end of ends) await end();
      ends = [];
      return unexpected.splice(0);
    },
    stop: () => browser.stop(),
  };
}
