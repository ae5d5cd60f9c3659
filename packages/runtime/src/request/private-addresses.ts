import { BlockList, isIP } from 'node:net';

/** IANA's special-purpose registries (RFC 6890): what never is a public API. */
const privateRanges: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

/** Makes the check whether an IP address (v4, v6, v4 within v6) is of a private network, this machine, or reserved. */
export function createPrivateAddressCheck(): (address: string) => boolean {
  const list = new BlockList();
  for (const [network, prefix, family] of privateRanges) list.addSubnet(network, prefix, family);
  return (address) => {
    const version = isIP(address);
    return version === 0 || list.check(address, version === 6 ? 'ipv6' : 'ipv4');
  };
}
