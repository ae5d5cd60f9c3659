import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const read = (name: string) => readFileSync(fileURLToPath(new URL(`./certificate/${name}`, import.meta.url)));

/** A certificate of its own authority, for localhost, 127.0.0.1 and tenon.test; for NODE_EXTRA_CA_CERTS. */
export const certificateFile = fileURLToPath(new URL('./certificate/certificate.pem', import.meta.url));

export interface BrokenServer {
  readonly port: number;
  readonly url: string;
  /** What came in, one text a request, headers and body as they were sent. */
  readonly requests: readonly string[];
}

export interface BrokenServerOptions {
  /** Speaks TLS. */
  readonly isSecure?: boolean;
  /** Called when the head of a request is there; writes what it wants. */
  readonly answer: (socket: Socket, request: string) => void;
}

/** A server that answers with whatever bytes a test wants, on a loopback port. Ends with the test. */
export async function startBrokenServer({ isSecure, answer }: BrokenServerOptions): Promise<BrokenServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const receive = (socket: Socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      requests.push(text);
      const request = text;
      text = '';
      answer(socket, request);
    });
  };
  const server: Server = isSecure
    ? createTlsServer({ cert: read('certificate.pem'), key: read('key.pem') }, receive)
    : createServer(receive);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http${isSecure ? 's' : ''}://127.0.0.1:${port}`, requests };
}

/** The bytes of a whole HTTP answer, after which the connection is closed. */
export function httpAnswer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
}
