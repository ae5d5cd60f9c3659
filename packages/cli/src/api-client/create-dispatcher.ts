import { EnvHttpProxyAgent, Agent, type Dispatcher } from 'undici';
import { isLoopback } from './is-loopback.ts';

export interface DispatcherOptions {
  readonly url: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly connectTimeoutMs: number;
}

/**
 * What carries requests to one server: kept connections, through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY
 * name. A proxy for the internet does not lead to this machine, so loopback addresses never go through one.
 */
export function createDispatcher({ url, variables, connectTimeoutMs }: DispatcherOptions): Dispatcher {
  const limits = { connect: { timeout: connectTimeoutMs }, connectTimeout: connectTimeoutMs };
  if (isLoopback(url)) return new Agent(limits);
  return new EnvHttpProxyAgent({
    ...limits,
    // Requests without encryption are forwarded: many proxies only tunnel to port 443.
    proxyTunnel: false,
    // Empty rather than absent: absent would mean the process's own environment.
    httpProxy: readEither(variables, 'http_proxy'),
    httpsProxy: readEither(variables, 'https_proxy'),
    noProxy: readEither(variables, 'no_proxy'),
  });
}

/** The proxy that an address of the internet would be reached through, without its password, for messages. */
export function describeProxy({ url, variables }: Omit<DispatcherOptions, 'connectTimeoutMs'>): string | undefined {
  const name = new URL(url).protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const value = readEither(variables, name) || readEither(variables, 'http_proxy');
  const { hostname } = new URL(url);
  const exempt = readEither(variables, 'no_proxy')
    .split(/[,\s]+/)
    .filter(Boolean);
  const isExempt = exempt.some((entry) => entry === '*' || hostname.endsWith(entry.replace(/^\*?\.?/, '')));
  if (value === '' || isExempt || isLoopback(url) || !URL.canParse(value)) return undefined;
  return new URL(value).origin;
}

function readEither(variables: DispatcherOptions['variables'], name: string): string {
  return variables[name] ?? variables[name.toUpperCase()] ?? '';
}
