import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBodySchema } from '@tenon/runtime/contract';
import { errorRegistry, isErrorCode } from '@tenon/runtime/errors';
import { devKey, openHttpRoom, type HttpRoom } from '../testing/http-room.ts';
import { addressOf, listBadRequests, type FuzzRequest } from './list-bad-requests.ts';
import { listOperations, type Operation } from './list-operations.ts';

let http: HttpRoom;
beforeAll(async () => {
  http = await openHttpRoom();
  await http.connect('user1');
});
afterAll(() => http.close());

interface Refusal {
  readonly status: number;
  readonly problems: string[];
}

/** Sends a request and says what is wrong with the answer. */
async function send(request: FuzzRequest, key = devKey): Promise<Refusal> {
  const logged = http.log.length;
  const answer = await http.app.inject({
    method: request.method as 'GET',
    url: request.url,
    headers: { ...(key !== '' && { authorization: `Bearer ${key}` }), ...request.headers },
    ...(request.payload !== undefined && { payload: request.payload }),
  });
  const { statusCode: status, payload: text, headers } = answer;
  const problems: string[] = [];
  if (status >= 500) problems.push(`answered ${status}: ${text.slice(0, 200)}`);
  else if (status >= 400) problems.push(...describeError(text, { status, requestId: headers['x-request-id'] }));
  if (/\bat .*\.(ts|js):\d+|node_modules/.test(text)) problems.push('shows a stack');
  const errors = http.log.slice(logged).filter((line) => isAlarm(line));
  if (errors.length > 0) problems.push(`logged ${errors[0]?.slice(0, 400)}`);
  return { status, problems };
}

function describeError(text: string, { status, requestId }: { status: number; requestId: unknown }): string[] {
  const parsed = errorBodySchema.safeParse(parse(text));
  if (!parsed.success) return [`is no error of ours: ${text.slice(0, 200)}`];
  const { code, message, requestId: id } = parsed.data.error;
  if (!isErrorCode(code)) return [`has the unknown code ${code}`];
  if (errorRegistry[code].status !== status) return [`answered ${status} for ${code}`];
  if (message === '' || id !== requestId) return ['has no message, or not the id of its request'];
  return [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Something that somebody would be woken for. */
function isAlarm(line: string): boolean {
  const { level } = JSON.parse(line) as { level?: number | string };
  return level === 'error' || level === 'fatal' || Number(level) >= 50;
}

const operations = listOperations();
const named = operations.map((operation) => [operation.name, operation] as const);

/** Every problem at once, so that one look shows what is to be done. */
async function refusesAll(requests: readonly FuzzRequest[], status?: number): Promise<void> {
  const problems: string[] = [];
  for (const request of requests) {
    const answer = await send(request);
    problems.push(...answer.problems.map((problem) => `${request.what}: ${problem}`));
    const isRefused = status === undefined ? answer.status >= 400 : answer.status === status;
    if (!isRefused) problems.push(`${request.what}: answered ${answer.status} to ${request.url.slice(0, 200)}`);
  }
  expect(problems).toEqual([]);
}

describe('every route', () => {
  it('is in the document that this is made from', () => {
    expect(operations.length).toBeGreaterThan(40);
  });

  it.each(named)('%s refuses what its description rules out', async (_name, operation) => {
    await refusesAll(listBadRequests(operation));
  });

  it.each(named)('%s answers 405 to other methods, with those that it takes', async (_name, operation) => {
    const url = addressOf(operation);
    const ofAddress = operations.filter(({ path }) => patternOf(path).test(url)).map(({ method }) => method);
    const methods = [...new Set(ofAddress)];
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((one) => !methods.includes(one))) {
      const answer = await http.app.inject({ method: method as 'GET', url });
      // The hosted page's routes answer the browser's question.
      if (method === 'OPTIONS' && answer.statusCode < 300) continue;
      expect([method, answer.statusCode]).toEqual([method, 405]);
      expect(answer.headers.allow?.toString().split(', ').sort()).toEqual([...methods].sort());
      expect(describeError(answer.payload, { status: 405, requestId: answer.headers['x-request-id'] })).toEqual([]);
    }
  });

  it.each(named.filter(([, { needsKey }]) => needsKey))(
    '%s wants a key before it reads anything',
    async (_name, one) => {
      for (const key of ['', 'tnn_no_such_key_of_thirty_two_characters', 'x'.repeat(9_000), '\u00fc']) {
        const answer = await send({ what: 'no key', method: one.method, url: addressOf(one) }, key);
        expect(answer).toEqual({ status: 401, problems: [] });
      }
    },
  );
});

describe('no route', () => {
  it.each([
    '/v1',
    '/v1/',
    '/v2/runs',
    '/v1/runs/a/b/c/d',
    '/v1//runs',
    '/v1/RUNS',
    '/v1/../../etc/passwd',
    '/v1/%2e%2e/x',
  ])('is at %s', async (url) => {
    await refusesAll([{ what: url, method: 'GET', url }], 404);
  });

  it.each(['/%zz', '/v1/runs/%c0%ae', '/v1/runs/a%00'])('is at the unreadable %s', async (url) => {
    await refusesAll([{ what: url, method: 'GET', url }]);
  });
});

describe('whatever is sent', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', '0', '-1', 'null', '\u0000', '../..', "'; drop table runs; --", '💥', '\ud800', '%', '1e400'),
  );
  const value = fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) });

  /** Fields that the operation knows, with values that it may not. */
  function requestFor(operation: Operation): fc.Arbitrary<FuzzRequest> {
    const paths = operation.parameters.filter((one) => one.in === 'path');
    const queries = operation.parameters.filter((one) => one.in === 'query');
    const fields = Object.keys(operation.body?.properties ?? {});
    return fc
      .record({
        params: fc.record(Object.fromEntries(paths.map(({ name }) => [name, fc.option(text)]))),
        query: fc.record(Object.fromEntries(queries.map(({ name }) => [name, text])), { requiredKeys: [] }),
        body: fc.oneof(fc.record(Object.fromEntries(fields.map((name) => [name, value])), { requiredKeys: [] }), value),
      })
      .map(({ params, query, body }) => ({
        what: operation.name,
        method: operation.method,
        url: addressOf(operation, {
          params: Object.fromEntries(
            Object.entries(params).flatMap(([name, one]) => (one === null ? [] : [[name, encode(one)]])),
          ),
          query: Object.entries(query)
            .map(([name, one]) => `${name}=${encode(String(one))}`)
            .join('&'),
        }),
        ...(operation.body && { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }));
  }

  it.each(named.filter(([, { isStream }]) => !isStream))('%s never fails by itself', async (_name, operation) => {
    await fc.assert(
      fc.asyncProperty(requestFor(operation), async (request) => {
        expect((await send(request)).problems).toEqual([]);
      }),
      { seed: 20_261_123, numRuns: 40 },
    );
  });
});

/** Lone surrogates cannot be encoded; they are sent as what a careless client would make of them. */
function encode(one: string): string {
  return encodeURIComponent(Buffer.from(one).toString());
}

/** `/v1/keys/{id}` is the address of `/v1/keys/encryption` too. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
