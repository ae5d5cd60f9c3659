/** Host and port of a server's address. */
export function addressOf(url: string): { host: string; port: number; isSecure: boolean } {
  const { hostname, port, protocol } = new URL(url);
  const isSecure = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isSecure ? 443 : 80), isSecure };
}
