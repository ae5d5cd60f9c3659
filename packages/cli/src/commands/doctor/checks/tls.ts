import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import { addressOf } from '../server-address.ts';
import type { CheckResult, DoctorCheck } from '../doctor-check.ts';
import { findProxy } from '../find-proxy.ts';

const patienceMs = 8_000;
const dayMs = 86_400_000;
const soonDays = 14;

export const tls: DoctorCheck = {
  name: 'TLS',
  about: 'network',
  async run({ findTarget, env }) {
    const target = await findTarget();
    if (target === undefined) return { status: 'skipped', found: 'no server to connect to' };
    if (findProxy(target.url, env.variables)) return { status: 'skipped', found: 'a proxy does it' };
    const address = addressOf(target.url);
    if (!address.isSecure) return { status: 'skipped', found: 'the address is http' };
    if (env.variables['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
      return {
        status: 'warning',
        found: 'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off that certificates are checked',
        fix: 'Unset it; give the CA of your company by NODE_EXTRA_CA_CERTS.',
      };
    }
    const seen = await readCertificate(address);
    if ('problem' in seen) {
      return {
        status: 'failed',
        found: `no TLS at ${address.host}:${address.port} (${seen.problem})`,
        fix: 'If it cannot be reached, see TCP; if it speaks plain http, write http:// in its address.',
      };
    }
    return judge(seen);
  },
};

interface SeenCertificate {
  readonly certificate: PeerCertificate;
  /** Why it is not trusted; undefined: it is. */
  readonly refusal: string | undefined;
}

const fixes: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'Renew the certificate of the server.',
  CERT_NOT_YET_VALID: 'Set the clock of this machine, or wait.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use a name that the certificate is for, or renew it with this name.',
};
const unknownAuthority =
  'Set NODE_EXTRA_CA_CERTS to the file of the CA that signed it (PEM), or let the server send the whole chain.';

function judge({ certificate, refusal }: SeenCertificate): CheckResult {
  const until = new Date(certificate.valid_to);
  const shown = `until ${Number.isNaN(until.getTime()) ? certificate.valid_to : until.toISOString().slice(0, 10)}`;
  if (refusal !== undefined) {
    return {
      status: 'failed',
      found: `the certificate is refused: ${refusal} (${shown})`,
      fix: fixes[refusal] ?? unknownAuthority,
    };
  }
  const daysLeft = Math.floor((until.getTime() - Date.now()) / dayMs);
  if (daysLeft >= soonDays) return { status: 'ok', found: `the certificate is good ${shown}` };
  return {
    status: 'warning',
    found: `the certificate expires in ${daysLeft} days`,
    fix: 'Renew the certificate of the server.',
  };
}

/** Connects without refusing, so that what is wrong can be said. Nothing is sent. */
function readCertificate({
  host,
  port,
}: {
  host: string;
  port: number;
}): Promise<SeenCertificate | { problem: string }> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      // A name that is an address is none (RFC 6066 section 3).
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: false,
    });
    const end = (seen: SeenCertificate | { problem: string }) => {
      socket.destroy();
      resolve(seen);
    };
    socket.setTimeout(patienceMs, () => end({ problem: `no answer within ${patienceMs / 1_000} s` }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ problem: error.code ?? error.message }));
    socket.once('secureConnect', () => {
      const { authorizationError: reason } = socket;
      const refusal = socket.authorized ? undefined : reason instanceof Error ? readCode(reason) : String(reason);
      end({ certificate: socket.getPeerCertificate(), refusal });
    });
  });
}

function readCode(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
