import type { QueryValue } from '../define/script-requests.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { encodeComponent } from './encode-component.ts';

/** Where a provider's API is: `origin` as in RFC 6454, `path` without a slash at its end. */
export interface BaseAddress {
  readonly origin: string;
  readonly path: string;
}

const absolute = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Reads a provider's base URL.
 * @throws TenonError `interpolation_failed` when the filled template is no http(s) address
 */
export function parseBaseAddress(baseUrl: string): BaseAddress {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TenonError('interpolation_failed', "The provider's base URL is not an http(s) address.", {
      hint: "Check the values that the connection gives for the provider's base URL.",
    });
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}

/** Percent-encodes what must not stand in a request line, and leaves what is encoded already. */
function encodePath(path: string): string {
  return path.replaceAll(/[^\x21-\x7e]+/g, (run) => encodeComponent(run));
}

function cutFragment(path: string): string {
  const hash = path.indexOf('#');
  return hash === -1 ? path : path.slice(0, hash);
}

/**
 * Turns what a script wrote into the path on the wire: relative to the base URL, or an absolute address of the same
 * origin. Any other origin is refused, as the request carries the connection's credentials.
 * @throws TenonError `provider_request_invalid`
 */
export function resolvePath(base: BaseAddress, path: string): string {
  let wirePath: string;
  if (!absolute.test(path)) {
    wirePath = path === '' || path.startsWith('?') || path.startsWith('/') ? base.path + path : `${base.path}/${path}`;
  } else if (path.startsWith(`${base.origin}/`)) {
    wirePath = path.slice(base.origin.length);
  } else {
    const url = URL.canParse(path) ? new URL(path) : undefined;
    if (url?.origin !== base.origin) {
      throw new TenonError(
        'provider_request_invalid',
        `A request to ${url?.origin ?? 'an unreadable address'} was refused: the connection's credentials go to ${base.origin} only.`,
        { hint: "Use a path, or an absolute address of the provider's own origin. For other services use fetch()." },
      );
    }
    wirePath = url.pathname + url.search;
  }
  wirePath = encodePath(cutFragment(wirePath));
  return wirePath.startsWith('/') ? wirePath : `/${wirePath}`;
}

/** Appends query parameters; undefined and null are left out, lists repeat the name. */
export function appendQuery(path: string, params: Readonly<Record<string, QueryValue>> | undefined): string {
  if (!params) return path;
  let query = '';
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === null) continue;
    const encodedName = encodeComponent(name);
    for (const one of typeof value === 'object' ? value : [value]) {
      query += `&${encodedName}=${encodeComponent(String(one))}`;
    }
  }
  if (query === '') return path;
  return path + (path.includes('?') ? query : `?${query.slice(1)}`);
}

/** Whether a path's query has a parameter of this name. */
export function hasQueryParameter(path: string, name: string): boolean {
  const start = path.indexOf('?');
  return start !== -1 && new URLSearchParams(path.slice(start + 1)).has(name);
}
