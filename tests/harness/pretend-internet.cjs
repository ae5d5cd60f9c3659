/**
 * Preloaded into a server process (NODE_OPTIONS=--require): an Internet whose machines are ports of this one.
 *
 * PRETEND_HOSTS is JSON: by host, the addresses that the DNS answers with, one list a look-up and the last one from then
 * on. PRETEND_MACHINES says, by address, which local port that machine is. The server looks the hosts up and judges
 * the addresses as always; only the connection that is then made goes to the loopback interface, without TLS.
 */
const dns = require('node:dns');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');
const tls = require('node:tls');

const hosts = JSON.parse(process.env.PRETEND_HOSTS ?? '{}');
const machines = JSON.parse(process.env.PRETEND_MACHINES ?? '{}');
const lookups = {};
const { lookup } = dns;
const { connect } = net;
const { connect: connectTls } = tls;

dns.lookup = (hostname, options, callback) => {
  const answers = hosts[hostname];
  if (answers === undefined) return lookup(hostname, options, callback);
  lookups[hostname] = (lookups[hostname] ?? 0) + 1;
  const addresses = answers[Math.min(lookups[hostname], answers.length) - 1];
  const found = addresses.map((address) => ({ address, family: net.isIP(address) }));
  process.nextTick(() => {
    if (options.all === true) callback(null, found);
    else callback(null, found[0].address, found[0].family);
  });
};

const isPretended = (options) => hosts[options?.host] !== undefined || machines[options?.host] !== undefined;

function connectToMachine({ host, lookup: judge = dns.lookup }) {
  const socket = new net.Socket();
  const reach = (address) => socket.connect({ host: '127.0.0.1', port: machines[address] });
  if (net.isIP(host) !== 0) return reach(host);
  judge(host, { all: true }, (error, found) => {
    if (error) socket.destroy(error);
    else reach(found[0].address);
  });
  return socket;
}

net.connect = (options, ...rest) => (isPretended(options) ? connectToMachine(options) : connect(options, ...rest));

tls.connect = (options, ...rest) => {
  if (!isPretended(options)) return connectTls(options, ...rest);
  const socket = connectToMachine(options);
  socket.once('connect', () => socket.emit('secureConnect'));
  return socket;
};

syncBuiltinESMExports();
