import { onTestFinished } from 'vitest';
import type { SandboxOptions } from '../sandbox-options.ts';
import { startSandboxApi, type SandboxApi } from '../start-sandbox-api.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

export interface TestApi extends SandboxApi {
  /** Sends with the API key unless headers say otherwise; reads JSON. */
  call(method: string, path: string, more?: { headers?: Record<string, string>; body?: unknown }): Promise<Answer>;
}

/** A sandbox on a free port, stopped when the test is over. */
export async function startTestApi(options: SandboxOptions = {}, now?: () => number): Promise<TestApi> {
  const api = await startSandboxApi({ issues: 65, contacts: 25, companies: 12, ...options }, now);
  onTestFinished(() => api.stop());
  return {
    ...api,
    async call(method, path, { headers = { 'x-api-key': 'sandbox-key' }, body } = {}) {
      const json = body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' };
      const response = await fetch(path.startsWith('http') ? path : api.url + path, {
        method,
        headers: { ...json, ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}
