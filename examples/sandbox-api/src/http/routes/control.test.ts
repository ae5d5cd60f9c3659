import { describe, expect, it } from 'vitest';
import { startTestApi } from '../harness.ts';

describe('the control routes', () => {
  it('change the world and say which items', async () => {
    const api = await startTestApi();
    const { body } = await api.call('POST', '/_control/advance', { body: { updates: 3, deletes: 1, adds: 1 } });
    const { updated, deleted, added } = body as Record<'updated' | 'deleted' | 'added', string[]>;
    expect([updated.length, deleted.length, added.length]).toEqual([3, 1, 1]);
    expect((await api.call('GET', `/issues/${deleted[0]}`)).status).toBe(404);
    expect((await api.call('GET', `/issues/${added[0]}`)).status).toBe(200);
  });

  it('refuse changes that cannot be made', async () => {
    const api = await startTestApi();
    const many = await api.call('POST', '/_control/advance', { body: { deletes: 66 } });
    expect(many).toMatchObject({ status: 422, body: { error: { code: 'too_many_changes' } } });
    expect((await api.call('POST', '/_control/advance', { body: { deletes: -1 } })).status).toBe(422);
  });

  it('tell everything that lives, by kind', async () => {
    const api = await startTestApi();
    api.advance({ deletes: 2 });
    const { body } = await api.call('GET', '/_control/truth', { headers: {} });
    expect(body).toEqual({
      issues: api.world.issues.values(),
      contacts: api.world.contacts.values(),
      companies: api.world.companies.values(),
    });
    expect((body as { issues: unknown[] }).issues).toHaveLength(63);
  });

  it('count requests by route and answers by status, but not themselves', async () => {
    const api = await startTestApi();
    await api.call('GET', '/issues?page=1');
    await api.call('GET', '/issues?page=2');
    await api.call('GET', '/issues/iss_1');
    await api.call('GET', '/nowhere');
    const { body } = await api.call('GET', '/_control/stats');
    expect(body).toMatchObject({
      requests: { 'GET /issues': 2, 'GET /issues/:id': 1, 'GET unknown': 1 },
      statuses: { 200: 3, 404: 1 },
      total: 4,
      markedAt: null,
    });
  });

  it('take the time of the first request after a mark', async () => {
    const api = await startTestApi();
    await api.call('GET', '/me');
    const { markedAt } = (await api.call('POST', '/_control/mark')).body as { markedAt: number };
    expect(api.stats().firstRequestAfterMarkAt).toBeNull();
    await api.call('GET', '/me');
    const first = api.stats().firstRequestAfterMarkAt;
    expect(first).toBeGreaterThanOrEqual(markedAt);
    await api.call('GET', '/me');
    expect(api.stats().firstRequestAfterMarkAt).toBe(first);
  });

  it('are told by the address itself, and each that is told exists', async () => {
    const api = await startTestApi();
    const text = await (await fetch(`${api.url}/`)).text();
    const told = [...text.matchAll(/^ {2}(GET|POST|PATCH|DELETE) +(\/\S*)/gm)].map(([, method = '', path = '']) => ({
      method,
      path,
    }));
    expect(told.length).toBeGreaterThan(15);
    for (const { method, path } of told) {
      const response = await fetch(api.url + path.replace(':id', 'iss_1'), { method });
      expect(await response.text(), `${method} ${path}`).not.toContain('There is no ' + method);
    }
  });

  it('put everything back as it began', async () => {
    const api = await startTestApi();
    const before = (await api.call('GET', '/_control/truth')).body;
    api.advance({ updates: 5, deletes: 5, adds: 5 });
    api.setChaos({ mode: 'server_error' });
    await api.call('POST', '/_control/api-key', { body: { apiKey: 'other' } });
    expect((await api.call('POST', '/_control/reset')).status).toBe(200);
    expect((await api.call('GET', '/_control/truth')).body).toEqual(before);
    expect((await api.call('GET', '/me')).status).toBe(200);
    expect(api.stats().total).toBe(1);
  });
});
