import { describe, expect, it } from 'vitest';
import type { Issue } from '../../world/items.ts';
import { startTestApi } from '../harness.ts';

describe('/issues/:id', () => {
  it('creates, reads, changes and deletes an issue', async () => {
    const api = await startTestApi();
    const made = await api.call('POST', '/issues', { body: { title: 'Printer on fire', labels: ['bug'] } });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe('/issues/iss_66');
    expect(made.body).toMatchObject({
      id: 'iss_66',
      number: 66,
      state: 'open',
      labels: ['bug'],
      comments: 0,
      body: '',
    });
    expect((await api.call('GET', '/issues/iss_66')).body).toEqual(made.body);

    const changed = await api.call('PATCH', '/issues/iss_66', { body: { state: 'closed' } });
    expect(changed.body).toMatchObject({ title: 'Printer on fire', labels: ['bug'], state: 'closed' });
    expect((changed.body as Issue).updatedAt > (made.body as Issue).updatedAt).toBe(true);
    expect(api.world.issues.get('iss_66')).toEqual(changed.body);

    expect((await api.call('DELETE', '/issues/iss_66')).status).toBe(204);
    expect((await api.call('GET', '/issues/iss_66')).status).toBe(404);
  });

  it('answers 404 to reading, changing and deleting what is not there', async () => {
    const api = await startTestApi();
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
      const answer = await api.call(method, '/issues/iss_999', body ? { body } : {});
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
  });

  it.each([
    [{}, 'title'],
    [{ title: '' }, 'title'],
    [{ title: 'x', state: 'lost' }, 'state'],
    [{ title: 'x', assignee: 'nobody' }, 'assignee'],
    [{ title: 'x', colour: 'red' }, ''],
  ])('answers 422 to the body %j', async (body, path) => {
    const api = await startTestApi();
    const answer = await api.call('POST', '/issues', { body });
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'invalid_body', details: [{ path }] } } });
    expect(api.world.issues.size).toBe(65);
  });

  it('answers 400 to a body that is not JSON', async () => {
    const api = await startTestApi();
    const headers = { 'x-api-key': 'sandbox-key', 'content-type': 'application/json' };
    expect(await api.call('POST', '/issues', { headers, body: '{"title":' })).toMatchObject({ status: 400 });
  });
});
