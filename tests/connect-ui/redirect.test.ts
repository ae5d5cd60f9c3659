import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConnectRoom, type ConnectRoom } from './connect-room.ts';
import { calendar } from './samples.ts';

let room: ConnectRoom;

beforeAll(async () => {
  room = await openConnectRoom();
});
afterEach(async () => {
  expect(await room.endVisits()).toEqual([]);
});
afterAll(() => room.stop());

async function goToProvider(page: Page): Promise<Page> {
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: 'Continue to Calendar' }).click(),
  ]);
  await popup.waitForURL(/\/provider\/authorize/);
  return popup;
}

/** The window closes itself while it is being clicked in. */
async function agree(popup: Page): Promise<void> {
  const closed = popup.waitForEvent('close');
  await popup.click('#agree', { noWaitAfter: true });
  await closed;
}

const connected = (page: Page): Promise<void> => page.getByRole('heading', { name: 'Calendar is connected' }).waitFor();

describe('connecting at the provider', () => {
  it('explains in plain words, opens a window, and hears when it is done', async () => {
    const { page, server } = await room.visit({ integrations: [calendar] });
    expect(await page.getByRole('list').innerText()).toMatch(
      /Know who you are\s+See\s+calendar events\s+Add and change\s+contacts\s+Stay connected/,
    );
    const popup = await goToProvider(page);
    await page.getByRole('heading', { name: 'Continue in the window of Calendar' }).waitFor();
    await agree(popup);
    await connected(page);
    expect(server.authorizations).toEqual([{ integration: 'calendar', config: {} }]);
  });

  it('notices without any message from the window', async () => {
    const { page, server } = await room.visit({ integrations: [calendar] });
    server.callbackTells = false;
    await agree(await goToProvider(page));
    await connected(page);
  });

  it('offers a link when the browser blocks the window, and goes on from there', async () => {
    const { page } = await room.visit({ integrations: [calendar] });
    await page.evaluate('window.open = () => null');
    await page.getByRole('button', { name: 'Continue to Calendar' }).click();
    await page.getByRole('heading', { name: 'Your browser kept the window closed' }).waitFor();
    const [tab] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Open Calendar' }).click(),
    ]);
    await agree(tab);
    await connected(page);
  });

  it('says that the window was closed, and lets the customer try again', async () => {
    const { page } = await room.visit({ integrations: [calendar] });
    const popup = await goToProvider(page);
    await popup.close();
    await page.getByRole('heading', { name: 'Was the window closed?' }).waitFor();
    const [again] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Try again' }).click(),
    ]);
    await agree(again);
    await connected(page);
  });

  it('goes on waiting after the page was loaded again', async () => {
    const { page, server } = await room.visit({ integrations: [calendar] });
    await goToProvider(page);
    expect(page.url()).not.toContain('tcs_');
    await page.reload();
    await page.getByRole('heading', { name: 'Was the window closed?' }).waitFor();
    server.settle('succeeded');
    await connected(page);
  });

  it.each([
    [{ code: 'authorization_denied', message: 'access_denied', requestId: 'r' }, 'You did not agree'],
    [{ code: 'account_mismatch', message: 'another account', requestId: 'r' }, 'That was another account'],
    [{ code: 'hook_failed', message: 'The hook threw.', requestId: 'r' }, 'That did not work'],
    ['expired' as const, 'That took too long'],
  ])('says what went wrong and lets the customer try again: %o', async (end, words) => {
    const { page, server } = await room.visit({ integrations: [calendar] });
    const popup = await goToProvider(page);
    server.settle(end);
    await page.getByRole('alert').getByText(words).waitFor();
    await expect.poll(() => popup.isClosed()).toBe(true);
    await agree(await goToProvider(page));
    await connected(page);
  });

  it('ends the waiting with Escape, and closes the window', async () => {
    const { page } = await room.visit({ integrations: [calendar] });
    const popup = await goToProvider(page);
    await page.getByRole('heading', { name: 'Continue in the window' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Connect Calendar' }).waitFor();
    await expect.poll(() => popup.isClosed()).toBe(true);
  });

  it('reconnects the one connection of the session', async () => {
    const { page } = await room.visit({ reconnect: { integration: 'calendar', connection: 'user1' } });
    await page.getByRole('heading', { name: 'Reconnect Calendar' }).waitFor();
    expect(await page.getByRole('button', { name: 'Back' }).count()).toBe(0);
    await agree(await goToProvider(page));
    await connected(page);
    await page.getByText('goes on where it stopped').waitFor();
  });

  it('refuses to open an address that is not of the web', async () => {
    const { page, server } = await room.visit({ integrations: [calendar] });
    await page.route('**/v1/connect/attempts', (route) =>
      route.fulfill({
        json: { id: 'a', status: 'pending', url: 'javascript:alert(1)', connected: null, error: null, expiresAt: 'x' },
      }),
    );
    await page.getByRole('button', { name: 'Continue to Calendar' }).click();
    await page.getByRole('alert').waitFor();
    expect(server.authorizations).toEqual([]);
  });

  it('says that the session has expired, at the start and on the way', async () => {
    const { page, server } = await room.visit({ integrations: [calendar] });
    const error = { code: 'connect_session_invalid', message: 'The session has expired.' };
    server.refuse('attempts', { status: 401, error });
    await page.getByRole('button', { name: 'Continue to Calendar' }).click();
    await page.getByRole('heading', { name: 'This page has expired' }).waitFor();
    server.refuse('session', { status: 401, error });
    await page.reload();
    await page.getByRole('heading', { name: 'This page has expired' }).waitFor();
  });

  it('goes back to the app with what was connected', async () => {
    const { page, server } = await room.visit({ integrations: [calendar] });
    server.view = { ...server.view, returnUrl: `${server.url}/connect/icon.svg?tab=1`, allowedOrigins: [server.url] };
    await page.reload();
    await agree(await goToProvider(page));
    await page.waitForURL('**/icon.svg?tab=1&integration=calendar&connection=user1');
  });
});
