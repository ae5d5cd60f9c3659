import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { PaginateOptions } from '../define/script-requests.ts';
import type { LocalRequest } from '../testing/local-api.ts';
import { startLocalProvider, type LocalProvider, type LocalProviderOptions } from '../testing/local-provider.ts';
import { createProviderClient } from './provider-client.ts';
import type { PageSeen } from './page-watch.ts';

let local: LocalProvider | undefined;

async function start(options: LocalProviderOptions): Promise<LocalProvider> {
  await local?.close();
  local = await startLocalProvider(options);
  return local;
}

afterEach(async () => {
  await local?.close();
  local = undefined;
});

interface Item {
  id: number;
}

const items = (count: number): Item[] => Array.from({ length: count }, (_, index) => ({ id: index + 1 }));
const query = ({ path }: LocalRequest): URLSearchParams => new URL(path, 'http://x').searchParams;
const jsonOf = ({ body }: LocalRequest): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

async function readIds(path: string, options: PaginateOptions): Promise<number[]> {
  const ids: number[] = [];
  for await (const page of local?.client.paginate<Item>(path, options) ?? []) ids.push(...page.map(({ id }) => id));
  return ids;
}

const ids = (count: number): number[] => items(count).map(({ id }) => id);

/** A list that knows every style; `cap` is the most that it gives at once. */
function answerList(all: readonly Item[], cap = 1_000) {
  return (request: LocalRequest) => {
    const asked = query(request);
    const given = request.body === '' ? {} : (jsonOf(request) as { variables?: { after?: string; first?: number } });
    const from = Number(asked.get('from') ?? asked.get('cursor') ?? given.variables?.after ?? 0);
    const limit = Math.min(cap, Number(asked.get('limit') ?? given.variables?.first ?? cap));
    const page = all.slice(from, from + limit);
    const end = from + page.length;
    const more = end < all.length;
    const connection = { nodes: page, pageInfo: { hasNextPage: more, endCursor: more ? String(end) : null } };
    return {
      body: { items: page, next: more ? String(end) : null, total: all.length, more, data: { issues: connection } },
      headers: more ? { link: `</list?from=${end}&limit=${limit}>; rel="next"` } : {},
    };
  };
}

const styles: Array<[string, PaginateOptions]> = [
  ['link', { pagination: { style: 'link', items: 'items', limitParam: 'limit', limit: 7 } }],
  ['cursor', { pagination: { style: 'cursor', items: 'items', param: 'cursor', path: 'next' } }],
  [
    'cursor with morePath',
    { pagination: { style: 'cursor', items: 'items', param: 'cursor', path: 'next', morePath: 'more' } },
  ],
  ['offset', { pagination: { style: 'offset', items: 'items', param: 'from', limitParam: 'limit', limit: 10 } }],
  [
    'offset with totalPath',
    {
      pagination: { style: 'offset', items: 'items', param: 'from', limitParam: 'limit', limit: 7, totalPath: 'total' },
    },
  ],
  [
    'offset with morePath',
    { pagination: { style: 'offset', items: 'items', param: 'from', limitParam: 'limit', limit: 7, morePath: 'more' } },
  ],
  [
    'offset until an empty page',
    {
      pagination: { style: 'offset', items: 'items', param: 'from', limit: 7, limitParam: 'limit', lastPage: 'empty' },
    },
  ],
  [
    'graphql',
    {
      body: { query: 'query' },
      pagination: { style: 'graphql', connection: 'data.issues', limitParam: 'first', limit: 7 },
    },
  ],
  [
    'a function',
    {
      pagination: {
        items: ({ data }) => (data as { items: Item[] }).items,
        next: ({ response, total }) =>
          (response.data as { more: boolean }).more ? { params: { from: total } } : undefined,
      },
    },
  ],
];

describe.each(styles)('a list that is read by %s', (_name, options) => {
  it.each([0, 1, 6, 7, 8, 10, 14, 30])('gives all of %i items, once each', async (count) => {
    await start({ answer: answerList(items(count), 10) });
    expect(await readIds('/list', options)).toEqual(ids(count));
  });

  it('goes on from any page that it told of', async () => {
    const { clientOptions, clock } = await start({ answer: answerList(items(30), 10) });
    const client = createProviderClient(clientOptions);
    const pages: Array<PageSeen & { before: number }> = [];
    const read: number[] = [];
    const onPage = (page: PageSeen) => pages.push({ ...page, before: read.length });
    for await (const page of client.paginate<Item>('/list', options, { onPage })) {
      read.push(...page.map(({ id }) => id));
    }
    expect(read).toEqual(ids(30));
    expect(pages.at(-1)?.next).toBeUndefined();
    for (const [index, { next, requestedAtMs }] of pages.entries()) {
      expect(requestedAtMs).toBeLessThanOrEqual(clock.now());
      if (!next) continue;
      const start = JSON.parse(JSON.stringify(next)) as typeof next;
      const rest: number[] = [];
      for await (const page of client.paginate<Item>('/list', options, { from: start })) {
        rest.push(...page.map(({ id }) => id));
      }
      expect(rest).toEqual(ids(30).slice(pages[index + 1]?.before));
    }
  });

  it('ends with pagination_loop when the provider sends the same page for ever', async () => {
    const page = { items: items(10), next: 'again', more: true };
    const data = { issues: { nodes: items(10), pageInfo: { hasNextPage: true, endCursor: 'again' } } };
    await start({
      answer: () => ({ body: { ...page, data }, headers: { link: '</list?from=10>; rel="next"' } }),
    });
    await expect(readIds('/list', options)).rejects.toMatchObject({ code: 'pagination_loop' });
  });

  it('ends with pagination_loop when pages go in a circle with ever new addresses', async () => {
    await start({
      answer: (_request, index) => {
        const page = items(20).slice((index % 2) * 10, (index % 2) * 10 + 10);
        const data = { issues: { nodes: page, pageInfo: { hasNextPage: true, endCursor: `c${index}` } } };
        return {
          body: { items: page, next: `c${index}`, more: true, data },
          headers: { link: `</list?from=${index + 1}>; rel="next"` },
        };
      },
    });
    await expect(readIds('/list', options)).rejects.toMatchObject({ code: 'pagination_loop' });
  });
});

describe('a list whose pages overlap or come in any order', () => {
  it('is read to its end, duplicates too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 8 }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.array(fc.nat({ max: 8 }), { maxLength: 4 }),
        async (given, gaps) => {
          const pages = given.map((page, number) => [...page, 1_000 + number]);
          for (const gap of gaps) pages.splice(Math.min(gap, pages.length), 0, []);
          await start({
            answer: (request) => {
              const number = Number(query(request).get('cursor') ?? 0);
              const next = number + 1 < pages.length ? String(number + 1) : undefined;
              return { body: { items: pages[number]?.map((id) => ({ id })), next } };
            },
          });
          const pagination = { style: 'cursor', items: 'items', param: 'cursor', path: 'next' } as const;
          expect(await readIds('/list', { pagination })).toEqual(pages.flat());
        },
      ),
      { numRuns: 20 },
    );
  });

  it('may show a page of one item again, as it moves while it is read', async () => {
    const shown = [1, 2, 2, 3];
    await start({
      answer: (request) => ({
        body: [shown[Number(query(request).get('from'))]].flatMap((id) => (id ? [{ id }] : [])),
      }),
    });
    const pagination = { style: 'offset', param: 'from', limit: 1 } as const;
    expect(await readIds('/list', { pagination })).toEqual(shown);
  });

  it('ends where a list that can be polled repeats its cursor', async () => {
    const { api } = await start({
      answer: (request) => {
        const from = Number(query(request).get('cursor') ?? 0);
        return { body: { items: items(4).slice(from, from + 2), next: String(Math.min(4, from + 2)) } };
      },
    });
    const pagination = { style: 'cursor', items: 'items', param: 'cursor', path: 'next' } as const;
    expect(await readIds('/list', { pagination })).toEqual(ids(4));
    expect(api.requests).toHaveLength(3);
  });
});

describe('a limit that the provider caps', () => {
  const pagination = { style: 'offset', items: 'items', param: 'from', limitParam: 'limit', limit: 200 } as const;

  it.each([
    [10, 35],
    [100, 250],
    [64, 130],
    [50, 100],
  ])('is noticed: %i at most, of %i items', async (cap, count) => {
    await start({ answer: answerList(items(count), cap) });
    expect(await readIds('/list', { pagination })).toEqual(ids(count));
  });

  it('costs no further call after a first page of any other length', async () => {
    const { api } = await start({ answer: answerList(items(33)) });
    expect(await readIds('/list', { pagination })).toEqual(ids(33));
    expect(api.requests).toHaveLength(1);
  });
});

describe('where the position stands', () => {
  const pageOf = (from: number) => ({
    items: items(6).slice(from, from + 2),
    next: from < 4 ? String(from + 2) : null,
  });

  it('is a path into a JSON body, whose other parts stay as they are', async () => {
    const { api } = await start({
      answer: (request) => {
        const { page } = jsonOf(request) as { page?: { after?: string } };
        return { body: pageOf(Number(page?.after ?? 0)) };
      },
    });
    const body = { filter: { open: true }, page: { size: 2 } };
    const pagination = { style: 'cursor', items: 'items', param: 'page.after', path: 'next' } as const;
    expect(await readIds('/search', { method: 'POST', body, pagination })).toEqual(ids(6));
    expect(jsonOf(api.requests[2] as LocalRequest)).toEqual({ filter: { open: true }, page: { size: 2, after: '4' } });
    expect(body).toEqual({ filter: { open: true }, page: { size: 2 } });
  });

  it('is a field of a form', async () => {
    const { api } = await start({
      answer: ({ body }) => ({ body: pageOf(Number(new URLSearchParams(body).get('cursor') ?? 0)) }),
    });
    const body = new URLSearchParams({ channel: 'C1' });
    const pagination = { style: 'cursor', items: 'items', param: 'cursor', path: 'next' } as const;
    expect(await readIds('/list', { method: 'POST', body, pagination })).toEqual(ids(6));
    expect(api.requests[1]?.body).toBe('channel=C1&cursor=2');
    expect(api.requests[1]?.headers['content-type']).toContain('application/x-www-form-urlencoded');
  });

  it('is the query or the body, where the provider says so', async () => {
    const { api } = await start({ answer: (request) => ({ body: pageOf(Number(query(request).get('cursor') ?? 0)) }) });
    const pagination = { style: 'cursor', items: 'items', param: 'cursor', path: 'next', in: 'query' } as const;
    expect(await readIds('/search', { method: 'POST', body: { open: true }, pagination })).toEqual(ids(6));
    expect(api.requests.map(({ body }) => body)).toEqual(Array(3).fill('{"open":true}'));

    const inBody = await start({
      answer: ({ body }) => ({
        body: pageOf(Number(body === '' ? 0 : (JSON.parse(body) as { cursor: string }).cursor)),
      }),
    });
    expect(await readIds('/search', { method: 'POST', pagination: { ...pagination, in: 'body' } })).toEqual(ids(6));
    expect(inBody.api.requests[1]?.body).toBe('{"cursor":"2"}');
  });
});

describe('pages of GraphQL', () => {
  const pagination = { style: 'graphql', connection: 'data.issues', items: 'edges', variable: 'cursor' } as const;

  it('are posted, keep the variables, and give the node of each edge', async () => {
    const { api } = await start({
      answer: (request) => {
        const { variables } = jsonOf(request) as { variables: { cursor?: string } };
        const from = Number(variables.cursor ?? 0);
        const edges = items(4)
          .slice(from, from + 2)
          .map((node) => ({ node }));
        return { body: { data: { issues: { edges, pageInfo: { hasNextPage: from === 0, endCursor: '2' } } } } };
      },
    });
    const body = { query: 'query ($cursor: String, $team: ID) { ... }', variables: { team: 't1' } };
    expect(await readIds('/graphql', { body, pagination })).toEqual(ids(4));
    expect(api.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
    expect(jsonOf(api.requests[1] as LocalRequest)['variables']).toEqual({ team: 't1', cursor: '2' });
  });

  it.each([
    ['pageInfo', { edges: [] }, 'Expected a boolean at data.issues.pageInfo.hasNextPage'],
    ['a cursor', { edges: [], pageInfo: { hasNextPage: true, endCursor: null } }, 'gives no cursor'],
  ])('fail without %s, as ending would look like a complete read', async (_what, issues, message) => {
    await start({ answer: () => ({ body: { data: { issues } } }) });
    await expect(readIds('/graphql', { body: { query: '' }, pagination })).rejects.toMatchObject({
      code: 'provider_answer_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('need the place of the connection', async () => {
    await start({ answer: () => ({ body: {} }), provider: { pagination: { style: 'graphql' } } });
    await expect(readIds('/graphql', { body: { query: '' } })).rejects.toMatchObject({
      code: 'provider_request_invalid',
    });
  });
});

describe('pages that a function knows', () => {
  it('change path, parameters and body of the page before', async () => {
    const { api } = await start({
      answer: (_request, index) => ({ body: { list: [{ id: index + 1 }], page: index } }),
    });
    const read = await readIds('/a', {
      method: 'POST',
      params: { keep: 'yes', drop: 'no' },
      body: { first: true },
      pagination: {
        items: ({ data }) => (data as { list: Item[] }).list,
        next: ({ response, total, items: page }) => {
          expect(page).toHaveLength(1);
          const changes = [{ params: { drop: undefined, n: total } }, { path: '/b?only=1' }, { body: { last: true } }];
          return changes[(response.data as { page: number }).page];
        },
      },
    });
    expect(read).toEqual([1, 2, 3, 4]);
    expect(api.requests.map(({ path, body }) => [path, body])).toEqual([
      ['/a?keep=yes&drop=no', '{"first":true}'],
      ['/a?keep=yes&n=1', '{"first":true}'],
      ['/b?only=1', '{"first":true}'],
      ['/b?only=1', '{"last":true}'],
    ]);
  });

  it('fail when the items are no list', async () => {
    await start({ answer: () => ({ body: { results: [] } }) });
    const pagination = { items: ({ data }: { data: unknown }) => data as Item[], next: () => undefined };
    await expect(readIds('/a', { pagination })).rejects.toMatchObject({
      code: 'provider_request_invalid',
      message: expect.stringContaining('an object with results'),
    });
  });
});
