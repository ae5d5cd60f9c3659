import type { QueryValue } from '../define/script-requests.ts';

/** What to ask for to get one page; JSON, so that a run can go on where another one stopped. */
export interface PageRequest {
  readonly path: string;
  readonly params: Readonly<Record<string, QueryValue>>;
  /** JSON, or with `form` the text of a form. */
  readonly body?: unknown;
  readonly form?: true;
  /** Items on the pages before this one. */
  readonly itemsBefore: number;
  /** Of counted pages: a first page that was shorter than asked for may show how many the provider gives at most. */
  readonly cappedAt?: number;
}

/** Where a page's position stands in its request. */
export type ParameterPlace = 'query' | 'body';

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]';
}

/** A search by POST takes its position in the body (HubSpot), everything else in the query. */
function placeOf({ body, form }: PageRequest, place: ParameterPlace | undefined): ParameterPlace {
  return place ?? (form || isPlainObject(body) ? 'body' : 'query');
}

/** Names with dots lead into the body (GraphQL: variables.after). */
function setPath(target: Readonly<Record<string, unknown>>, path: readonly string[], value: unknown): unknown {
  const [name = '', ...rest] = path;
  const inner = Object.hasOwn(target, name) ? target[name] : undefined;
  // Computed keys define own properties, `__proto__` too.
  return { ...target, [name]: rest.length === 0 ? value : setPath(isPlainObject(inner) ? inner : {}, rest, value) };
}

function getPath(target: unknown, path: readonly string[]): unknown {
  let current = target;
  for (const name of path) {
    if (!isPlainObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

export interface Parameter {
  readonly name: string;
  readonly place?: ParameterPlace | undefined;
}

export function setParameter(request: PageRequest, { name, place }: Parameter, value: string | number): PageRequest {
  if (placeOf(request, place) === 'query') return { ...request, params: { ...request.params, [name]: value } };
  if (request.form) {
    const form = new URLSearchParams(String(request.body));
    form.set(name, String(value));
    return { ...request, body: form.toString() };
  }
  const body = isPlainObject(request.body) ? request.body : {};
  return { ...request, body: setPath(body, name.split('.'), value) };
}

export function readParameter(request: PageRequest, { name, place }: Parameter): unknown {
  if (placeOf(request, place) === 'query') return request.params[name];
  if (request.form) return new URLSearchParams(String(request.body)).get(name) ?? undefined;
  return getPath(request.body, name.split('.'));
}

/** Copies a script's request, so that it stays what it was however the script goes on. */
export function createPageRequest(
  path: string,
  { params, body }: { params?: Readonly<Record<string, QueryValue>> | undefined; body?: unknown },
): PageRequest {
  const start = { path, params: { ...params }, itemsBefore: 0 };
  if (body === undefined) return start;
  if (Object.prototype.toString.call(body) === '[object URLSearchParams]') {
    return { ...start, body: String(body), form: true };
  }
  return { ...start, body };
}

/** The body as requests take it. */
export function bodyOf({ body, form }: PageRequest): unknown {
  return form ? new URLSearchParams(String(body)) : body;
}
