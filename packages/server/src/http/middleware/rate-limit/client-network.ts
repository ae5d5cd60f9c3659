import { isIP } from 'node:net';

/**
 * Who is counted as one client: an IPv4 address, or the /64 that a customer of an IPv6 provider gets at the least
 * (RFC 6177), in which he has more addresses than anybody can count.
 */
export function clientNetwork(address: string): string {
  const [plain = ''] = address.split('%', 1);
  if (isIP(plain) !== 6) return address;
  if (plain.includes('.')) return plain.slice(plain.lastIndexOf(':') + 1);
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - after.length }, () => '0');
  const all = [...groups, ...zeros, ...after].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
  return `${all.slice(0, 4).join(':')}::/64`;
}
