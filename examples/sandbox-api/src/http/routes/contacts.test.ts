import { describe, expect, it } from 'vitest';
import type { Company, Contact } from '../../world/items.ts';
import { startTestApi } from '../harness.ts';

interface ContactPage {
  data: Contact[];
  nextCursor: string | null;
  hasMore: boolean;
}

describe('GET /contacts', () => {
  it('leads through every page by the cursor in the body', async () => {
    const api = await startTestApi();
    const pages: ContactPage[] = [];
    for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)?.nextCursor ?? null) {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      pages.push((await api.call('GET', `/contacts?limit=10${query}`)).body as ContactPage);
    }
    expect(pages.map((page) => [page.data.length, page.hasMore])).toEqual([
      [10, true],
      [10, true],
      [5, false],
    ]);
    expect(pages.flatMap((page) => page.data)).toEqual(api.world.contacts.values());
  });

  it('skips nobody when contacts that were read are deleted between two pages', async () => {
    const api = await startTestApi();
    const first = (await api.call('GET', '/contacts?limit=10')).body as ContactPage;
    for (const contact of first.data) api.world.contacts.delete(contact.id);
    const second = (await api.call('GET', `/contacts?limit=10&cursor=${first.nextCursor}`)).body as ContactPage;
    expect(second.data[0]?.id).toBe('con_11');
  });

  it('answers 400 to a cursor that it never gave', async () => {
    const api = await startTestApi();
    expect(await api.call('GET', '/contacts?cursor=made-up')).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_cursor' } },
    });
  });

  it('gives one contact, or 404', async () => {
    const api = await startTestApi();
    expect((await api.call('GET', '/contacts/con_3')).body).toEqual(api.world.contacts.get('con_3'));
    expect((await api.call('GET', '/contacts/con_999')).status).toBe(404);
  });
});

describe('GET /companies', () => {
  it('leads through every page by the offset and says the total', async () => {
    const api = await startTestApi();
    const read: Company[] = [];
    for (let total = 1; read.length < total;) {
      const { body } = await api.call('GET', `/companies?limit=5&offset=${read.length}`);
      const page = body as { data: Company[]; total: number };
      total = page.total;
      read.push(...page.data);
    }
    expect(read).toEqual(api.world.companies.values());
    expect((await api.call('GET', '/companies?offset=99')).body).toMatchObject({ data: [], total: 12 });
  });

  it('gives one company, or 404', async () => {
    const api = await startTestApi();
    expect((await api.call('GET', '/companies/com_3')).body).toEqual(api.world.companies.get('com_3'));
    expect((await api.call('GET', '/companies/com_999')).status).toBe(404);
  });
});
