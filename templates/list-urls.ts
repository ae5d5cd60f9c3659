import type { Provider } from '@tenon/runtime/provider';

export interface UrlTemplate {
  /** Where it stands in the file, dot-separated. */
  readonly path: string;
  readonly template: string;
}

/** Every address of a provider that requests or browsers are sent to, as the file spells it. */
export function listUrls({ auth, baseUrl, verification }: Provider): UrlTemplate[] {
  const base = verification?.baseUrl ?? baseUrl;
  return [
    { path: 'baseUrl', template: baseUrl },
    ...(verification ? [{ path: 'verification', template: joinPath(base, verification.path) }] : []),
    ...urlsIn(auth, 'auth'),
  ];
}

/** The keys that hold addresses are `url`, or end in `Url`. */
function urlsIn(value: unknown, path: string): UrlTemplate[] {
  if (typeof value === 'string') return /(^|\.)url$|Url$/.test(path) ? [{ path, template: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => urlsIn(inner, `${path}.${name}`));
}

function joinPath(base: string, path: string): string {
  return path.startsWith('https://') ? path : `${base.replace(/\/$/, '')}${path}`;
}
