import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { isLoopback } from './is-loopback.ts';
import { readProxyVariable, type ProxyVariables } from './read-proxy-variable.ts';

export interface DispatcherOptions {
  readonly url: string;
  readonly variables: ProxyVariables;
  /** Milliseconds until the connection is made, encryption included. */
  readonly connectMs: number;
}

/**
 * What carries requests to one server: kept connections, through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY
 * name. A proxy for the internet does not lead to this machine, so loopback addresses never go through one.
 */
export function createDispatcher({ url, variables, connectMs }: DispatcherOptions): Dispatcher {
  const limits = { connect: { timeout: connectMs }, connectTimeout: connectMs };
  if (isLoopback(url)) return new Agent(limits);
  return new EnvHttpProxyAgent({
    ...limits,
    // Requests without encryption are forwarded: many proxies only tunnel to port 443.
    proxyTunnel: false,
    // Empty rather than absent: absent would mean the process's own environment.
    httpProxy: readProxyVariable(variables, 'http_proxy'),
    httpsProxy: readProxyVariable(variables, 'https_proxy'),
    noProxy: readProxyVariable(variables, 'no_proxy'),
  });
}
