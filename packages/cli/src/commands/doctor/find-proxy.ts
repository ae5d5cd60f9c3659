/** As curl and the HTTP library of this command line read them. */
const names = ['ALL_PROXY', 'HTTP_PROXY', 'HTTPS_PROXY'] as const;

export interface FoundProxy {
  /** Name of the variable. */
  readonly name: string;
  readonly value: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables that name a proxy. */
export function listProxies(variables: Variables): FoundProxy[] {
  return names.flatMap((name) => {
    const value = variables[name.toLowerCase()] ?? variables[name];
    return value ? [{ name, value }] : [];
  });
}

/** What stands between here and a server; undefined: it is asked directly. */
export function findProxy(url: string, variables: Variables): FoundProxy | undefined {
  const { hostname: host, protocol } = new URL(url);
  if (['localhost', '127.0.0.1', '[::1]'].includes(host)) return undefined;
  const exceptions = (variables['no_proxy'] ?? variables['NO_PROXY'] ?? '')
    .split(/[\s,]+/)
    .map((part) => part.replace(/^\*?\./, ''))
    .filter(Boolean);
  if (exceptions.some((name) => name === '*' || host === name || host.endsWith(`.${name}`))) return undefined;
  const wanted = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxies = listProxies(variables);
  return proxies.find(({ name }) => name === wanted) ?? proxies.find(({ name }) => name === 'ALL_PROXY');
}
