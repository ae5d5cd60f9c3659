/**
 * Preloaded into a server process (NODE_OPTIONS=--require): hosts of an Internet whose machines are all this one.
 *
 * PRETEND_HOSTS is JSON: by host, the addresses that the DNS answers with, one list a look-up and the last one from then
 * on, and the local port that serves the host. The server sees those addresses, and its guard judges them; only the
 * connection that is then made goes to the loopback interface, without TLS.
 */
const dns = require('node:dns');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');
const tls = require('node:tls');

const hosts = JSON.parse(process.env.PRETEND_HOSTS ?? '{}');
const lookups = {};
const { lookup } = dns;
const { connect } = net;
const { connect: connectTls } = tls;

dns.lookup = (hostname, options, callback) => {
  const host = hosts[hostname];
  if (host === undefined) return lookup(hostname, options, callback);
  lookups[hostname] = (lookups[hostname] ?? 0) + 1;
  const addresses = host.answers[Math.min(lookups[hostname], host.answers.length) - 1];
  const found = addresses.map((address) => ({ address, family: net.isIP(address) }));
  const [first] = found;
  process.nextTick(() => {
    if (options.all === true) callback(null, found);
    else callback(null, first.address, first.family);
  });
};

function connectLocally(options) {
  const judge = options.lookup ?? dns.lookup;
  return connect({
    ...options,
    port: hosts[options.host].port,
    lookup: (hostname, lookupOptions, callback) =>
      judge(hostname, lookupOptions, (error) => {
        if (error) callback(error);
        else if (lookupOptions.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
        else callback(null, '127.0.0.1', 4);
      }),
  });
}

net.connect = (options, ...rest) =>
  hosts[options?.host] === undefined ? connect(options, ...rest) : connectLocally(options);

tls.connect = (options, ...rest) => {
  if (hosts[options?.host] === undefined) return connectTls(options, ...rest);
  const socket = connectLocally(options);
  socket.once('connect', () => socket.emit('secureConnect'));
  return socket;
};

syncBuiltinESMExports();
