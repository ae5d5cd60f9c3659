import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import type { PaginateOptions } from '../define/script-requests.ts';
import type { PaginationInput } from '../provider/provider-schema.ts';
import { startLocalProvider, type LocalProvider, type LocalProviderOptions } from '../testing/local-provider.ts';

let local: LocalProvider | undefined;

async function start(options: LocalProviderOptions): Promise<LocalProvider> {
  local = await startLocalProvider(options);
  return local;
}

afterEach(async () => {
  await local?.close();
  local = undefined;
});

const params = (path: string): URLSearchParams => new URL(path, 'http://x').searchParams;
const numbers = Array.from({ length: 10 }, (_, index) => ({ id: index + 1 }));

async function readIds(path: string, options?: PaginateOptions): Promise<number[][]> {
  const pages: number[][] = [];
  for await (const page of local?.client.paginate<{ id: number }>(path, options) ?? [])
    pages.push(page.map(({ id }) => id));
  return pages;
}

const tenIds = [
  [1, 2, 3, 4],
  [5, 6, 7, 8],
  [9, 10],
];

describe('paginate by link', () => {
  const slice = (page: number) => numbers.slice((page - 1) * 4, page * 4);

  it('follows the Link header to the end, with the first call’s parameters', async () => {
    const { api } = await start({
      provider: { pagination: { style: 'link', limitParam: 'per_page', limit: 4 } },
      answer: ({ path, headers }) => {
        const page = Number(params(path).get('page') ?? 1);
        const next = `<http://${headers.host}/items?state=all&per_page=4&page=${page + 1}>; rel="next"`;
        return { body: slice(page), headers: page < 3 ? { link: next } : {} };
      },
    });
    expect(await readIds('/items', { params: { state: 'all' } })).toEqual(tenIds);
    expect(api.requests.map(({ path }) => path)).toEqual([
      '/items?state=all&per_page=4',
      '/items?state=all&per_page=4&page=2',
      '/items?state=all&per_page=4&page=3',
    ]);
  });

  it('follows an address in the body, relative to the page that it stands on', async () => {
    const { api, provider } = await start({
      provider: { pagination: { style: 'link', items: 'data.items', path: 'paging.next' } },
      answer: ({ path }) => {
        const page = Number(params(path).get('page') ?? 1);
        return {
          body: {
            data: { items: slice(page) },
            paging: { next: page === 1 ? '?page=2' : page === 2 ? '/other?page=3' : null },
          },
        };
      },
    });
    expect(provider.baseUrl).toBe(api.url);
    expect(await readIds('/deep/items')).toEqual(tenIds);
    expect(api.requests.map(({ path }) => path)).toEqual(['/deep/items', '/deep/items?page=2', '/other?page=3']);
  });

  it('does not follow an address of another origin', async () => {
    await start({
      provider: { pagination: { style: 'link' } },
      answer: () => ({ body: numbers, headers: { link: '<https://evil.example/x>; rel="next"' } }),
    });
    await expect(readIds('/items')).rejects.toMatchObject({ code: 'provider_request_invalid' });
  });

  it('notices a circle', async () => {
    const { api } = await start({
      provider: { pagination: { style: 'link' } },
      answer: ({ path }) => ({
        body: numbers,
        headers: { link: `</items?page=${path.endsWith('2') ? 3 : 2}>; rel="next"` },
      }),
    });
    await expect(readIds('/items')).rejects.toMatchObject({ code: 'pagination_loop' });
    expect(api.requests.length).toBeLessThan(6);
  });
});

describe('paginate by cursor', () => {
  const page = (path: string): { start: number; items: { id: number }[] } => {
    const start = Number(params(path).get('after') ?? 0);
    return { start, items: numbers.slice(start, start + 4) };
  };
  const end = (path: string) => Math.min(10, page(path).start + 4);

  it.each<[string, PaginationInput, (path: string) => object]>([
    [
      'a cursor in the answer',
      { style: 'cursor', items: 'results', param: 'after', path: 'paging.next.after' },
      (path) => ({ results: page(path).items, paging: end(path) < 10 ? { next: { after: String(end(path)) } } : {} }),
    ],
    [
      'a field of the last item, with a word on whether there is more',
      { style: 'cursor', items: 'data', param: 'after', lastItemField: 'id', morePath: 'has_more' },
      (path) => ({ data: page(path).items, has_more: end(path) < 10 }),
    ],
    [
      'a cursor that is empty at the end',
      { style: 'cursor', items: 'members', param: 'after', path: 'metadata.next_cursor' },
      (path) => ({ members: page(path).items, metadata: { next_cursor: end(path) < 10 ? end(path) : '' } }),
    ],
  ])('follows %s', async (_kind, pagination, body) => {
    const { api } = await start({ provider: { pagination }, answer: ({ path }) => ({ body: body(path) }) });
    expect(await readIds('/items', { params: { q: 'x' } })).toEqual(tenIds);
    expect(api.requests.map(({ path }) => path)).toEqual(['/items?q=x', '/items?q=x&after=4', '/items?q=x&after=8']);
  });

  it('reads past empty pages without handing them out', async () => {
    await start({
      provider: { pagination: { style: 'cursor', items: 'data', param: 'after', path: 'next' } },
      answer: ({ path }) => {
        const after = Number(params(path).get('after') ?? 0);
        return { body: { data: after === 1 ? [{ id: 7 }] : [], next: after < 2 ? after + 1 : null } };
      },
    });
    expect(await readIds('/items')).toEqual([[7]]);
  });

  it('puts the cursor into the body of a search by POST, and repeats it after a failure', async () => {
    const { api } = await start({
      provider: {
        pagination: { style: 'cursor', items: 'results', param: 'after', path: 'next', limitParam: 'limit', limit: 4 },
      },
      answer: ({ body }, index) => {
        if (index === 1) return { status: 502 };
        const { after = 0 } = JSON.parse(body) as { after?: number };
        return { body: { results: numbers.slice(after, after + 4), next: after < 8 ? after + 4 : undefined } };
      },
    });
    expect(await readIds('/search', { method: 'POST', body: { q: 'x' } })).toEqual(tenIds);
    expect(api.requests.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/search', { q: 'x', limit: 4 }],
      ['/search', { q: 'x', limit: 4, after: 4 }],
      ['/search', { q: 'x', limit: 4, after: 4 }],
      ['/search', { q: 'x', limit: 4, after: 8 }],
    ]);
  });

  it('fails when there is more but no cursor, as ending would look like a complete read', async () => {
    await start({
      provider: { pagination: { style: 'cursor', items: 'data', param: 'after', path: 'cursor', morePath: 'more' } },
      answer: () => ({ body: { data: numbers, more: true } }),
    });
    await expect(readIds('/items')).rejects.toMatchObject({
      code: 'provider_answer_invalid',
      message: /no cursor at cursor/,
    });
  });

  it('notices a cursor that comes again', async () => {
    await start({
      provider: { pagination: { style: 'cursor', items: 'data', param: 'after', path: 'next' } },
      answer: () => ({ body: { data: numbers, next: 'same' } }),
    });
    await expect(readIds('/items')).rejects.toMatchObject({ code: 'pagination_loop' });
  });
});

describe('paginate by offset', () => {
  const items = { style: 'offset', items: 'data', param: 'offset', limitParam: 'limit', limit: 4 } as const;

  it('counts items, and ends with a short page', async () => {
    const { api } = await start({
      provider: { pagination: items },
      answer: ({ path }) => {
        const offset = Number(params(path).get('offset'));
        return { body: { data: numbers.slice(offset, offset + Number(params(path).get('limit'))) } };
      },
    });
    expect(await readIds('/items')).toEqual(tenIds);
    expect(await readIds('/items', { params: { limit: 10 } })).toEqual([numbers.map(({ id }) => id)]);
    expect(api.requests.map(({ path }) => path)).toEqual([
      '/items?limit=4&offset=0',
      '/items?limit=4&offset=4',
      '/items?limit=4&offset=8',
      '/items?limit=10&offset=0',
      '/items?limit=10&offset=10',
    ]);
  });

  it('counts pages from the first number on', async () => {
    const { api } = await start({
      provider: { pagination: { ...items, param: 'page', unit: 'page', first: 1 } },
      answer: ({ path }) => {
        const number = Number(params(path).get('page'));
        return { body: { data: numbers.slice((number - 1) * 4, number * 4) } };
      },
    });
    expect(await readIds('/items')).toEqual(tenIds);
    expect(api.requests.at(-1)?.path).toBe('/items?limit=4&page=3');
  });

  it('trusts the total when the provider gives less than it was asked for', async () => {
    const { api } = await start({
      provider: { pagination: { ...items, limit: 100, totalPath: 'total' } },
      answer: ({ path }) => {
        const offset = Number(params(path).get('offset'));
        return { body: { data: numbers.slice(offset, offset + 5), total: 10 } };
      },
    });
    expect((await readIds('/items')).flat()).toHaveLength(10);
    expect(api.requests).toHaveLength(2);
  });

  it('notices a provider that ignores the parameter', async () => {
    const { api } = await start({
      provider: { pagination: items },
      answer: () => ({ body: { data: numbers.slice(0, 4) } }),
    });
    await expect(readIds('/items')).rejects.toMatchObject({ code: 'pagination_loop', hint: /another name/ });
    expect(api.requests).toHaveLength(2);
  });
});

describe('paginate', () => {
  it('takes part of a pagination from the call when the style is the same, and all of it otherwise', async () => {
    const { api } = await start({
      provider: { pagination: { style: 'offset', items: 'data', param: 'offset', limitParam: 'limit', limit: 4 } },
      answer: () => ({ body: { data: [{ id: 1 }], rows: [{ id: 2 }] } }),
    });
    expect(await readIds('/a', { pagination: { items: 'rows', limit: 9 } })).toEqual([[2]]);
    expect(await readIds('/b', { pagination: { style: 'link', items: 'data' } })).toEqual([[1]]);
    expect(api.requests.map(({ path }) => path)).toEqual(['/a?limit=9&offset=0', '/b']);
  });

  it('refuses a pagination that is missing or cannot be read', async () => {
    await start({ answer: () => ({ body: [] }) });
    await expect(readIds('/a')).rejects.toMatchObject({ code: 'provider_request_invalid', message: /no default/ });
    await expect(readIds('/a', { pagination: { style: 'offset' } })).rejects.toMatchObject({
      code: 'provider_request_invalid',
      message: /param: .*limit: /,
    });
  });

  it('says where it expected a list and what is there', async () => {
    await start({
      provider: { pagination: { style: 'link', items: 'data.rows' } },
      answer: () => ({ body: { data: { row: [] } } }),
    });
    await expect(readIds('/a')).rejects.toMatchObject({
      code: 'provider_answer_invalid',
      message: 'Expected a list at "data.rows" of the answer, got nothing (the answer is an object with data).',
    });
  });

  it('reads an answer without content as an empty list', async () => {
    await start({ provider: { pagination: { style: 'link' } }, answer: () => ({ status: 204 }) });
    expect(await readIds('/a')).toEqual([]);
  });

  it('has the next page asked for while the script works on this one, and no further', async () => {
    // A single connection keeps the requests in the order in which they were made.
    const dispatcher = new Agent({ connections: 1 });
    const { api, client } = await start({
      provider: { pagination: { style: 'cursor', items: 'data', param: 'after', path: 'next' } },
      client: { dispatcher },
      answer: (_request, index) => ({ body: { data: [{ id: index }], next: index + 1 } }),
    });
    const pages = client.paginate('/items')[Symbol.asyncIterator]();
    expect(api.requests).toHaveLength(0);
    await pages.next();
    await client.get('/marker');
    await pages.return?.();
    await dispatcher.destroy();
    expect(api.requests.map(({ path }) => path)).toEqual(['/items', '/items?after=1', '/marker']);
  });

  it('drops the page on its way when the script stops, and its failure with it', async () => {
    const { client, log } = await start({
      provider: { pagination: { style: 'cursor', items: 'data', param: 'after', path: 'next' } },
      answer: (_request, index) => (index === 0 ? { body: { data: [{ id: 1 }], next: 2 } } : 'silence'),
    });
    for await (const page of client.paginate('/items')) {
      expect(page).toEqual([{ id: 1 }]);
      break;
    }
    expect(log).toHaveLength(1);
  });

  it('throws the failure of a page after the pages before it', async () => {
    const { client } = await start({
      provider: { pagination: { style: 'cursor', items: 'data', param: 'after', path: 'next' } },
      answer: (_request, index) => (index === 0 ? { body: { data: [{ id: 1 }], next: 2 } } : { status: 404 }),
    });
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const page of client.paginate('/items')) {
        seen.push(page);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'provider_error' });
    expect(seen).toHaveLength(1);
  });

  it("ends with the signal's reason", async () => {
    const reason = new Error('cancelled');
    const { client, abort } = await start({
      provider: { pagination: { style: 'cursor', items: 'data', param: 'after', path: 'next' } },
      answer: (_request, index) => (index === 0 ? { body: { data: [{ id: 1 }], next: 2 } } : 'silence'),
    });
    const reading = (async () => {
      for await (const page of client.paginate('/items')) if (page.length > 0) abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });

  it('reads anew each time that it is iterated', async () => {
    const { client, api } = await start({
      provider: { pagination: { style: 'link' } },
      answer: () => ({ body: [{ id: 1 }] }),
    });
    const pages = client.paginate('/items');
    for (let round = 0; round < 2; round += 1) for await (const page of pages) expect(page).toHaveLength(1);
    expect(api.requests).toHaveLength(2);
  });
});
