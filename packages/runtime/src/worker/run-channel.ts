import type { PageCounts, ServerMessage, WorkerMessage } from '../execute/worker-protocol.ts';
import type { OutgoingPage } from '../execute/worker-protocol.ts';
import { packPage } from '../execute/pack-page.ts';
import { isErrorCode } from '../errors/registry.ts';
import { TenonError } from '../errors/tenon-error.ts';
import type { ActiveCredential } from '../provider/credential.ts';

export interface RunChannel {
  /** Resolves when the server has committed the page. */
  commitPage(page: OutgoingPage): Promise<void>;
  renewCredential(signal: AbortSignal): Promise<ActiveCredential>;
  /** Gives the run an answer of the server. */
  receive(message: Exclude<ServerMessage, { type: 'start' | 'cancel' }>): void;
}

interface Waiting<Value> {
  resolve(value: Value): void;
  reject(error: unknown): void;
}

/** What one run asks of the server, and the answers that it waits for. */
export function createRunChannel(runId: string, send: (message: WorkerMessage) => void): RunChannel {
  const pages = new Map<number, Waiting<PageCounts>>();
  const renewals = new Set<Waiting<ActiveCredential>>();
  return {
    async commitPage(page) {
      const committed = new Promise<PageCounts>((resolve, reject) => pages.set(page.sequence, { resolve, reject }));
      send({ type: 'page', runId, page: packPage(page) });
      await committed;
    },
    renewCredential(signal) {
      return new Promise<ActiveCredential>((resolve, reject) => {
        signal.throwIfAborted();
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        renewals.add({ resolve, reject });
        if (renewals.size === 1) send({ type: 'renew-credential', runId });
      });
    },
    receive(message) {
      if (message.type === 'page-committed') {
        pages.get(message.sequence)?.resolve(message.counts);
        pages.delete(message.sequence);
        return;
      }
      for (const waiting of renewals) {
        if (message.type === 'credential') waiting.resolve(message.credential);
        else {
          const { code, message: text, hint } = message.error;
          const options = hint === undefined ? {} : { hint };
          waiting.reject(new TenonError(isErrorCode(code) ? code : 'internal', text, options));
        }
      }
      renewals.clear();
    },
  };
}
