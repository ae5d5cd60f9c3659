import type { ProviderHooks } from '../../define/define-provider-hooks.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import type { RequestHook } from '../../request/request-hook.ts';
import type { WireRequest } from '../../request/send-once.ts';
import { untilAborted } from '../until-aborted.ts';
import { createHookContext, type HookEnvironment } from './create-hook-context.ts';
import { requestChangeSchema } from './hook-results.ts';
import { readHookResult, toHookError, type HookPlace } from './to-hook-error.ts';

/** Names whose values say nothing worth hiding. */
const plainHeaders = new Set(['accept', 'accept-encoding', 'content-type', 'user-agent']);
/** A timestamp or a version is shorter than any signature. */
const shortestSignature = 16;

/**
 * Makes the step of the request engine that calls beforeRequest.
 * @param options.provider its display name
 * @returns undefined when the provider has no such hook; rejects with `hook_failed`, and what the hook throws on purpose
 */
export function createRequestHook(
  { beforeRequest }: ProviderHooks,
  { provider, environment }: { provider: string; environment: HookEnvironment },
): RequestHook | undefined {
  if (beforeRequest === undefined) return undefined;
  const place: HookPlace = { hook: 'beforeRequest', provider };
  return async (request) => {
    const { signal } = environment;
    const result = await untilAborted(signal, async () => {
      try {
        return await beforeRequest(describeRequest(request), createHookContext(environment));
      } catch (error) {
        throw toHookError(error, place);
      }
    });
    const change = readHookResult(requestChangeSchema, result, place) ?? {};
    const path = change.url === undefined ? request.path : readPath(change.url, { origin: request.origin, place });
    const headers = mergeHeaders(request.headers, change.headers ?? {});
    const { method = request.method, body = request.body } = change;
    const changed = { ...request, method: method.toUpperCase(), path, headers, body };
    return { request: changed, secrets: listAdded(request, changed) };
  };
}

function describeRequest({ method, origin, path, headers, body }: WireRequest) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return {
    method,
    url: origin + path,
    headers: { ...headers },
    body: bytes === null ? undefined : new Uint8Array(bytes),
  };
}

/** The request carries the connection's credential, which no other origin may see. */
function readPath(url: string, { origin, place }: { origin: string; place: HookPlace }): string {
  const target = new URL(url);
  if (target.origin === origin) return target.pathname + target.search;
  throw new TenonError(
    'hook_failed',
    `The hook ${place.hook} of ${place.provider} sends a request to another origin than ${origin}.`,
    { hint: 'Change path and query alone: the request carries the credentials of the connection.' },
  );
}

function mergeHeaders(
  headers: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const lower = Object.entries(changes).map(([name, value]) => [name.toLowerCase(), value] as const);
  const merged = Object.entries({ ...headers, ...Object.fromEntries(lower) });
  return Object.fromEntries(merged.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** With a signature a request can be repeated for as long as its timestamp is good, so it is as secret as a token. */
function listAdded(before: WireRequest, after: WireRequest): string[] {
  const headers = Object.entries(after.headers).filter(
    ([name, value]) => before.headers[name] !== value && !plainHeaders.has(name),
  );
  const known = new Set(readQuery(before.path));
  const added = [...headers.map(([, value]) => value), ...readQuery(after.path).filter((value) => !known.has(value))];
  return added.filter((value) => value.length >= shortestSignature);
}

function readQuery(path: string): string[] {
  const start = path.indexOf('?');
  return start === -1 ? [] : [...new URLSearchParams(path.slice(start + 1)).values()];
}
