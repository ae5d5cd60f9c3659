import { isLoopback } from './is-loopback.ts';
import { readProxyVariable, type ProxyVariables } from './read-proxy-variable.ts';

/** The proxy that an address of the internet would be reached through, without its password, for messages. */
export function describeProxy({ url, variables }: { url: string; variables: ProxyVariables }): string | undefined {
  const name = new URL(url).protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const value = readProxyVariable(variables, name) || readProxyVariable(variables, 'http_proxy');
  const { hostname } = new URL(url);
  const exempt = readProxyVariable(variables, 'no_proxy')
    .split(/[,\s]+/)
    .filter(Boolean);
  const isExempt = exempt.some((entry) => entry === '*' || hostname.endsWith(entry.replace(/^\*?\.?/, '')));
  if (value === '' || isExempt || isLoopback(url) || !URL.canParse(value)) return undefined;
  return new URL(value).origin;
}
