import { describe, expect, it } from 'vitest';
import type { Issue } from '../../world/items.ts';
import { startTestApi, type TestApi } from '../harness.ts';

function linkTo(header: string | null, rel: string): string | undefined {
  return new RegExp(`<([^>]+)>; rel="${rel}"`).exec(header ?? '')?.[1];
}

async function readAll(api: TestApi, path: string): Promise<Issue[][]> {
  const pages: Issue[][] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answer = await api.call('GET', next);
    pages.push(answer.body as Issue[]);
    next = linkTo(answer.headers.get('link'), 'next');
  }
  return pages;
}

describe('GET /issues', () => {
  it('leads through every page by the Link header, oldest first', async () => {
    const api = await startTestApi();
    const pages = await readAll(api, '/issues?per_page=30');
    expect(pages.map((page) => page.length)).toEqual([30, 30, 5]);
    const issues = pages.flat();
    expect(issues).toEqual(api.world.issues.values());
    expect(issues.map((issue) => issue.createdAt)).toEqual(issues.map((issue) => issue.createdAt).sort());
  });

  it('names the first, previous, next and last page, keeping the other parameters', async () => {
    const api = await startTestApi();
    const { headers } = await api.call('GET', '/issues?per_page=10&page=3&sort=updated');
    const link = headers.get('link');
    const page = (rel: string) => new URL(linkTo(link, rel) ?? '').searchParams;
    expect([page('first'), page('prev'), page('next'), page('last')].map((query) => query.get('page'))).toEqual([
      '1',
      '2',
      '4',
      '7',
    ]);
    expect(page('next').get('sort')).toBe('updated');
    expect(headers.get('x-total-count')).toBe('65');
  });

  it('has no Link header when one page is all, and an empty array past the end', async () => {
    const api = await startTestApi();
    expect((await api.call('GET', '/issues?per_page=100')).headers.get('link')).toBeNull();
    expect((await api.call('GET', '/issues?page=99')).body).toEqual([]);
  });

  it('sorts by update and gives only what changed since a time, that time included', async () => {
    const api = await startTestApi();
    const sorted = (await readAll(api, '/issues?sort=updated&per_page=100')).flat();
    const since = sorted[50]?.updatedAt ?? '';
    const changed = (await readAll(api, `/issues?sort=updated&per_page=10&since=${since}`)).flat();
    expect(changed).toEqual(sorted.slice(50));
    const newestFirst = (await readAll(api, '/issues?sort=updated&direction=desc&per_page=100')).flat();
    expect(newestFirst).toEqual(sorted.toReversed());
  });

  it('filters by state', async () => {
    const api = await startTestApi();
    const open = (await readAll(api, '/issues?state=open&per_page=100')).flat();
    const closed = (await readAll(api, '/issues?state=closed&per_page=100')).flat();
    expect(open.every((issue) => issue.state === 'open')).toBe(true);
    expect(open.length + closed.length).toBe(65);
    expect(closed.length).toBeGreaterThan(0);
  });

  it('shows a change at once', async () => {
    const api = await startTestApi();
    await api.call('GET', '/issues?sort=updated&direction=desc&per_page=1');
    const { updated } = api.advance({ updates: 1 });
    const { body } = await api.call('GET', '/issues?sort=updated&direction=desc&per_page=1');
    expect((body as Issue[])[0]?.id).toBe(updated[0]);
  });

  it.each(['per_page=0', 'per_page=1001', 'page=0', 'page=x', 'since=yesterday', 'state=lost', 'sort=size'])(
    'answers 400 to ?%s and says which parameter is wrong',
    async (query) => {
      const api = await startTestApi();
      const { status, body } = await api.call('GET', `/issues?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ error: { code: 'invalid_query', details: [{ path: query.split('=')[0] }] } });
    },
  );
});
