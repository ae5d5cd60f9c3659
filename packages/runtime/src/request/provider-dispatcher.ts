import { lookup as lookupHost, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { createPrivateAddressCheck } from './private-addresses.ts';
import { refuseAddress } from './refuse-address.ts';

const connectTimeoutMs = 10_000;

export interface ProviderDispatcherOptions {
  /**
   * Whether requests may go to this machine and to private networks. Without, a provider's redirect, a customer's
   * host name or its DNS cannot lead a run to the services around the server (SSRF). Default: true.
   */
  allowPrivateAddresses?: boolean;
}

/** Checks the addresses that the connection is then made to, so that a second answer of the DNS changes nothing. */
function createGuardedLookup(isPrivate: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookupHost(hostname, options, (error: NodeJS.ErrnoException | null, found: string | LookupAddress[], family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
      const refused = error === null && addresses.some(isPrivate) ? refuseAddress(hostname) : error;
      callback(refused, found, family);
    });
  };
}

function createGuardedConnector(): buildConnector.connector {
  const isPrivate = createPrivateAddressCheck();
  const connect = buildConnector({ timeout: connectTimeoutMs, lookup: createGuardedLookup(isPrivate) });
  return (options, callback) => {
    // A host that is an address itself is never looked up.
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && isPrivate(host)) callback(refuseAddress(host), null);
    else connect(options, callback);
  };
}

/** Makes the pool of connections that a process keeps for its runs; close it when the process ends its work. */
export function createProviderDispatcher({ allowPrivateAddresses = true }: ProviderDispatcherOptions = {}): Dispatcher {
  return new Agent({
    // One request at a time on a connection: HTTP/1.1 pipelining breaks on many servers.
    pipelining: 1,
    connections: 64,
    connect: allowPrivateAddresses ? { timeout: connectTimeoutMs } : createGuardedConnector(),
  });
}
