import type { FakeServer } from './fake-server.ts';

/** An answer that a test puts before the server's own. */
export interface CannedAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** An error answer in the contract's shape. */
export function refuse(status: number, code: string, message: string, more: object = {}): CannedAnswer {
  return { status, body: { error: { code, message, requestId: 'req-1', ...more } } };
}

export interface Call {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly text: string;
}

export interface Route {
  readonly method: string;
  readonly pattern: readonly string[];
  readonly answer: (server: FakeServer, call: Call) => CannedAnswer | 'events';
}

export function route(line: string, answer: Route['answer']): Route {
  const [method = '', path = ''] = line.split(' ');
  return { method, pattern: path.split('/'), answer };
}

export function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part === '*' || part === path[index]);
}

export const ok = (body: unknown): CannedAnswer => ({ status: 200, body });

/** Cursors are positions; a server's are opaque. */
export function pageOf<Item>(items: readonly Item[], query: URLSearchParams): CannedAnswer {
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 100);
  return ok({ items: items.slice(from, to), nextCursor: to < items.length ? String(to) : null });
}
