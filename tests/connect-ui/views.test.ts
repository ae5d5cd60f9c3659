import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from '../browser/find-violations.ts';
import { openConnectRoom, type ConnectRoom } from './connect-room.ts';
import { calendar, helpDesk } from './samples.ts';

let room: ConnectRoom;

beforeAll(async () => {
  room = await openConnectRoom();
});
afterEach(async () => {
  expect(await room.endVisits()).toEqual([]);
});
afterAll(() => room.stop());

const heading = (page: Page, name: string): Promise<void> => page.getByRole('heading', { name }).waitFor();

describe('the views', () => {
  it.each(['light', 'dark'] as const)('have nothing that axe finds wrong, in %s', async (colorScheme) => {
    const { page, server } = await room.visit({}, { colorScheme });
    const check = async (view: string): Promise<void> => {
      expect([view, await findViolations(page)]).toEqual([view, []]);
    };
    await heading(page, 'Connect an account');
    await check('pick');
    await page.getByRole('button', { name: 'Help Desk' }).click();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Please fill this in.').first().waitFor();
    await check('form with problems');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Unset CRM' }).click();
    await page.getByRole('alert').waitFor();
    await check('unavailable');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Calendar Calendar' }).click();
    await heading(page, 'Connect Calendar');
    await check('explanation');
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: 'Continue to Calendar' }).click(),
    ]);
    await heading(page, 'Continue in the window of Calendar');
    await check('waiting');
    await popup.close();
    await heading(page, 'Was the window closed?');
    await check('closed');
    server.settle({ code: 'authorization_denied', message: 'access_denied', requestId: 'r' });
    await page.getByRole('alert').waitFor();
    await check('denied');
    await page.getByRole('button', { name: 'Continue to Calendar' }).click();
    await heading(page, 'Continue in the window of Calendar');
    server.settle('succeeded');
    await heading(page, 'Calendar is connected');
    await check('connected');
    server.refuse('session', { status: 503, error: { code: 'unavailable', message: 'Starting.' } });
    await page.reload();
    await heading(page, 'That did not work');
    await check('not loaded');
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page, 'Connect an account');
    await page.goto(`${server.url}/connect?other#session=tcs_bad`);
    await heading(page, 'This page has expired');
    await check('expired');
  });

  it('take the colours, the corners and the scheme of the project', async () => {
    const theme = { appName: 'Acme', accentColor: '#ffe100', colorScheme: 'dark' as const, radius: 2 };
    const { page } = await room.visit({ integrations: [calendar], theme }, { colorScheme: 'light' });
    const button = page.getByRole('button', { name: 'Continue to Calendar' });
    await button.waitFor();
    const style = await page.evaluate<string[]>(`(() => {
      const { backgroundColor, color, borderRadius } = getComputedStyle(document.querySelector('.button-main'));
      return [backgroundColor, color, borderRadius, getComputedStyle(document.documentElement).colorScheme];
    })()`);
    expect(style).toEqual(['rgb(255, 225, 0)', 'rgb(0, 0, 0)', '2px', 'dark']);
    expect(await findViolations(page)).toEqual([]);
  });

  it("speak the session's language, else the browser's, with the project's own texts", async () => {
    const texts = { de: { continueTo: 'Los zu {name}' } };
    const { page, server } = await room.visit({ integrations: [calendar], language: 'de-AT', texts });
    await heading(page, 'Calendar verbinden');
    await page.getByRole('button', { name: 'Los zu Calendar' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    server.view = { ...server.view, language: null };
    await page.reload();
    await heading(page, 'Connect Calendar');
    const french = await room.visit({ integrations: [calendar] }, { locale: 'fr-CA' });
    await heading(french.page, 'Connecter Calendar');
  });

  it('fit a small phone, in both directions of writing', async () => {
    const { page } = await room.visit({ integrations: [helpDesk] }, { viewport: { width: 320, height: 568 } });
    await heading(page, 'Connect Help Desk');
    for (const direction of ['ltr', 'rtl']) {
      await page.evaluate(`document.documentElement.dir = '${direction}'`);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(overflow, direction).toBeLessThanOrEqual(0);
    }
  });
});
