import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConnectRoom, type ConnectRoom } from './connect-room.ts';
import { helpDesk } from './samples.ts';

let room: ConnectRoom;

beforeAll(async () => {
  room = await openConnectRoom();
});
afterEach(async () => {
  expect(await room.endVisits()).toEqual([]);
});
afterAll(() => room.stop());

describe('connecting with a form', () => {
  it('goes from the search over the form to connected, and sends what was asked for', async () => {
    const { page, server } = await room.visit();
    await page.getByRole('searchbox').fill('help');
    await page.getByRole('listitem').getByRole('button').click();
    await page.getByLabel('Subdomain').fill(' acme ');
    await page.getByLabel('API key', { exact: true }).fill('secret');
    await page.getByLabel('Region').selectOption('eu');
    await page.getByLabel('Projects, entry 1').fill('WEB');
    await page.getByRole('button', { name: 'Add to Projects' }).click();
    await page.getByLabel('Projects, entry 2').fill('API');
    await page.getByLabel('Depth').fill('7');
    await page.getByLabel('Raw').fill('[{"a":1}]');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'Help Desk is connected' }).waitFor();
    expect(server.submitted).toEqual([
      {
        integration: 'help-desk',
        config: { subdomain: 'acme', region: 'eu' },
        values: { apiKey: 'secret' },
        settings: { projects: ['WEB', 'API'], closedTickets: true, depth: 7, filter: { raw: [{ a: 1 }] } },
      },
    ]);
  });

  it('says beside each field what is missing or wrong, and goes to the first', async () => {
    const { page, server } = await room.visit({ integrations: [helpDesk] });
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const subdomain = page.getByLabel('Subdomain');
    await expect.poll(() => page.locator(':focus').getAttribute('name')).toBe('subdomain');
    const described = await subdomain.getAttribute('aria-describedby');
    const words = await Promise.all((described ?? '').split(' ').map((id) => page.locator(`[id="${id}"]`).innerText()));
    expect(words).toEqual(['Please fill this in.', 'The first part of your address.']);
    expect(await page.getByText('Please choose one.').count()).toBe(1);
    await subdomain.fill('Not This!');
    expect(await subdomain.getAttribute('aria-invalid')).toBeNull();
    await page.getByLabel('Depth').fill('11');
    await page.getByLabel('Raw').fill('{');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('This does not have the expected form, such as acme.').waitFor();
    await page.getByText('Please enter 10 or less.').waitFor();
    await page.getByText('This is not valid JSON.').waitFor();
    expect(server.submitted).toEqual([]);
  });

  it('puts what the server refuses beside its field, and anything else above the form', async () => {
    const { page, server } = await room.visit({ integrations: [{ ...helpDesk, settings: null }] });
    await page.getByLabel('Subdomain').fill('acme');
    await page.getByLabel('API key', { exact: true }).fill('secret');
    await page.getByLabel('Region').selectOption('eu');
    const problems = [{ path: 'values.apiKey', expected: 'a key of this environment', got: 'another' }];
    server.refuse('connections', {
      status: 422,
      error: { code: 'credentials_invalid', message: 'The credentials are not right.', details: { problems } },
    });
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('a key of this environment').waitFor();
    expect(await page.getByLabel('API key', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('API key', { exact: true }).inputValue()).toBe('secret');

    const down = { code: 'provider_error', message: 'answered 500', hint: 'Look at the log.' };
    server.refuse('connections', { status: 502, error: down });
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('alert').getByText('Try again in a few minutes.').waitFor();
    await page.getByText('Details').click();
    await page.getByText('answered 500 Look at the log.').waitFor();
    await page.getByText('Reference: req-1').waitFor();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'Help Desk is connected' }).waitFor();
  });

  it('hides a secret until it is asked to show it', async () => {
    const { page } = await room.visit({ integrations: [helpDesk] });
    const key = page.getByLabel('API key', { exact: true });
    await key.fill('secret');
    expect(await key.getAttribute('type')).toBe('password');
    await page.getByRole('button', { name: 'Show API key' }).click();
    expect(await key.getAttribute('type')).toBe('text');
  });

  it('works with the keyboard alone', async () => {
    const { page, server } = await room.visit({ integrations: [{ ...helpDesk, settings: null }] });
    await page.getByRole('heading', { name: 'Connect Help Desk' }).waitFor();
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Tab');
    await page.keyboard.type('acme');
    await press('Tab');
    await page.keyboard.type('secret');
    await press('Tab', 'Tab');
    await page.keyboard.type('Eu');
    await press('Tab', 'Tab', 'Enter');
    await page.getByRole('heading', { name: 'Help Desk is connected' }).waitFor();
    expect(server.submitted).toMatchObject([{ config: { region: 'eu', subdomain: 'acme' } }]);
  });

  it('goes through the list with arrow keys, and back with Escape', async () => {
    const { page } = await room.visit();
    await page.getByRole('searchbox').fill('e');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('');
    const focused = () => page.evaluate('document.activeElement.textContent');
    // The list is whole again, and each key has done its work, before the next one is pressed.
    await page.getByText('Calendar').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).not.toBe('');
    const first = await focused();
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).not.toBe(first);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect Calendar' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Connect an account' }).waitFor();
  });
});
