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
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  // All that carries an IPv4 address: compatible (::/96), translated, NAT64, Teredo, 6to4. No public API is reached by
  // them, and a gateway would lead to the address within. IPv4-mapped ones the list itself compares with the IPv4 ranges.
  ['::', 96, 'ipv6'],
  ['::ffff:0:0:0', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  // IETF protocol assignments, Teredo (2001::/32) among them.
  ['2001::', 23, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
  ['5f00::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

/**
 * Makes the check whether an IP address (v4, v6, v4 within v6) is of a private network, this machine, or reserved.
 * What it calls is bound here: scripts share its realm, and could give BlockList or String other methods.
 */
export function createPrivateAddressCheck(): (address: string) => boolean {
  const list = new BlockList();
  for (const [network, prefix, family] of privateRanges) list.addSubnet(network, prefix, family);
  const isListed = list.check.bind(list) as (address: string, family: 'ipv4' | 'ipv6') => boolean;
  return (zoned) => {
    const address = withoutZone(zoned);
    const version = isIP(address);
    return version === 0 || isListed(address, version === 6 ? 'ipv6' : 'ipv4');
  };
}

/** A zone (fe80::1%eth0) says by which interface, not where to. */
function withoutZone(zoned: string): string {
  let address = '';
  for (let place = 0; place < zoned.length && zoned[place] !== '%'; place += 1) address += zoned[place] ?? '';
  return address;
}
