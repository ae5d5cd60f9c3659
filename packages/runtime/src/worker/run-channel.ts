import type { RunError } from '../contract/api/runs.ts';
import type { Answers, Ask } from '../execute/asks.ts';
import type { OutgoingPage, ServerMessage, WorkerMessage } from '../execute/worker-protocol.ts';
import { packPage } from '../execute/pack-page.ts';
import type { AskServer, CommittedPage } from '../execute/script-environment.ts';
import { isErrorCode } from '../errors/registry.ts';
import { TenonError } from '../errors/tenon-error.ts';
import type { ActiveCredential } from '../provider/credential.ts';

export interface RunChannel {
  /** Resolves when the server has committed the page. */
  commitPage(page: OutgoingPage): Promise<CommittedPage>;
  ask: AskServer;
  renewCredential(signal: AbortSignal): Promise<ActiveCredential>;
  /** Gives the run an answer of the server. */
  receive(message: Exclude<ServerMessage, { type: 'start' | 'cancel' }>): void;
}

interface Waiting<Value> {
  resolve(value: Value): void;
  reject(error: unknown): void;
}

/** What one run asks of the server, and the answers that it waits for. After an abort, nothing is waited for. */
export function createRunChannel(
  runId: string,
  { send, signal }: { send: (message: WorkerMessage) => void; signal: AbortSignal },
): RunChannel {
  const pages = new Map<number, Waiting<CommittedPage>>();
  const asks = new Map<number, Waiting<unknown>>();
  const renewals = new Set<Waiting<ActiveCredential>>();
  let lastAskId = 0;

  signal.addEventListener('abort', () => {
    for (const { reject } of asks.values()) reject(signal.reason);
    asks.clear();
  });

  return {
    async commitPage(page) {
      const committed = new Promise<CommittedPage>((resolve, reject) => pages.set(page.sequence, { resolve, reject }));
      send({ type: 'page', runId, page: packPage(page) });
      return await committed;
    },
    ask<Kind extends Ask['kind']>(ask: Extract<Ask, { kind: Kind }>) {
      return new Promise<Answers[Kind]>((resolve, reject) => {
        signal.throwIfAborted();
        lastAskId += 1;
        // The answer to a question has its kind: the server's handlers are typed by the same table.
        asks.set(lastAskId, { resolve: resolve as (value: unknown) => void, reject });
        send({ type: 'ask', runId, askId: lastAskId, ask });
      });
    },
    renewCredential(renewalSignal) {
      return new Promise<ActiveCredential>((resolve, reject) => {
        renewalSignal.throwIfAborted();
        renewalSignal.addEventListener('abort', () => reject(renewalSignal.reason as Error), { once: true });
        renewals.add({ resolve, reject });
        if (renewals.size === 1) send({ type: 'renew-credential', runId });
      });
    },
    receive(message) {
      switch (message.type) {
        case 'page-committed':
          pages.get(message.sequence)?.resolve({ conflicts: message.conflicts });
          pages.delete(message.sequence);
          return;
        case 'answer':
          asks.get(message.askId)?.resolve(message.value);
          asks.delete(message.askId);
          return;
        case 'answer-failed':
          asks.get(message.askId)?.reject(toTenonError(message.error));
          asks.delete(message.askId);
          return;
        case 'credential':
          for (const { resolve } of renewals) resolve(message.credential);
          renewals.clear();
          return;
        case 'credential-failed':
          for (const { reject } of renewals) reject(toTenonError(message.error));
          renewals.clear();
          return;
      }
    },
  };
}

function toTenonError({ code, message, hint, details }: RunError): TenonError {
  return new TenonError(isErrorCode(code) ? code : 'internal', message, {
    ...(hint !== undefined && { hint }),
    ...(details !== undefined && { details }),
  });
}
