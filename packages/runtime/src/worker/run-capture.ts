import { gzipSync } from 'node:zlib';
import type { Capture } from '../contract/api/captures.ts';
import type { RunError } from '../contract/api/runs.ts';
import type { StoredText } from '../execute/asks.ts';
import type { AskServer } from '../execute/script-environment.ts';
import type { CaptureLimits, StartRun } from '../execute/worker-protocol.ts';
import type { ExchangeObserver } from '../request/exchange-observer.ts';
import { redacted } from '../request/redact.ts';
import { createExchangeBuffer } from './exchange-buffer.ts';
import { redactJson } from './redact-json.ts';
import { createReadNotes } from './read-notes.ts';
import type { RunRedactor } from './run-redactor.ts';
import { writeExchange } from './write-exchange.ts';

/** What is kept of a run while it goes, in case that it fails. */
export interface RunCapture {
  readonly observe: ExchangeObserver;
  /** Answers as the given one does, and takes note of the answers. */
  wrapAsk(ask: AskServer): AskServer;
  /** A `Capture` as JSON, compressed. Redacts and serialises: not before the run has ended. */
  finish(error: RunError | undefined): Uint8Array;
}

/** Of the bound, what notes of answers about stored state may take. */
const readsShare = 0.25;

/**
 * Notes the exchanges of a run with its provider, and what it read of the server, by reference; only a run that fails
 * pays for redaction and JSON.
 */
export function createRunCapture(
  start: StartRun,
  { limits, redactor }: { limits: CaptureLimits; redactor: RunRedactor },
): RunCapture {
  const beganAt = new Date();
  const runBytes = Math.floor(limits.runBytes * (1 - readsShare));
  const buffer = createExchangeBuffer({ runBytes, bodyBytes: limits.bodyBytes });
  const notes = createReadNotes(limits.runBytes - runBytes);

  return {
    observe: buffer.add,
    wrapAsk: notes.wrap,
    finish(error) {
      const kept = buffer.list();
      for (const { exchange } of kept) for (const secret of exchange.secrets) redactor.addValue(secret);
      const { redactText } = redactor;
      const { function: script, connection, sync, action } = start;
      const read = notes.read();
      const progress = sync?.state.progress;
      const unsafe = {
        connection: { ...connection, ...(sync && { settings: sync.settings }) },
        start: {
          ...(sync?.state.cursor !== undefined && { cursor: sync.state.cursor }),
          ...(sync?.state.checkpoint !== undefined && { checkpoint: sync.state.checkpoint }),
          ...(progress && { progress }),
          ...(Object.keys(read.partitions).length > 0 && { partitions: read.partitions }),
          ...(Object.keys(read.records).length > 0 && { records: mapRecords(read.records) }),
        },
        ...(sync?.until !== undefined && { until: sync.until }),
        ...(action && { input: action.input }),
        ...(sync?.event && { event: sync.event }),
        calls: read.calls,
      };
      const safe = redactJson(unsafe, redactText);
      const capture: Capture = {
        formatVersion: 1,
        runId: start.runId,
        capturedAt: new Date().toISOString(),
        clock: beganAt.toISOString(),
        function: { integration: script.integration, name: script.name },
        kind: script.kind === 'action' ? 'action' : kindOf(sync?.mode),
        provider: start.provider.name,
        ...(safe === redacted
          ? { connection: { id: connection.id, config: {}, metadata: {} }, start: {}, calls: [] }
          : safe),
        ...(start.limitPages !== undefined && { limitPages: start.limitPages }),
        variables: Object.fromEntries(read.variables.map((name) => [name, redacted])),
        exchanges: kept.flatMap((entry) => writeExchange(entry, redactText) ?? []),
        unanswered: kept.flatMap(({ exchange: { sent, outcome } }) =>
          outcome.kind === 'answer'
            ? []
            : [{ method: sent.method, path: redactText(sent.unsignedPath ?? sent.path), reason: outcome.kind }],
        ),
        ...(error && { error }),
        cut: {
          exchanges: buffer.dropped(),
          bodies: kept.filter(({ cut }) => cut.request || cut.response).length,
          reads: read.cut + (safe === redacted ? 1 : 0),
        },
      };
      return gzipSync(JSON.stringify(capture));
    },
  };
}

function kindOf(mode: 'run' | 'webhook' | 'replay' = 'run'): Capture['kind'] {
  return mode === 'run' ? 'sync' : mode;
}

function mapRecords(
  records: Readonly<Record<string, readonly StoredText[]>>,
): Record<string, Array<Record<string, unknown>>> {
  return Object.fromEntries(
    Object.entries(records).map(([model, stored]) => [
      model,
      stored.map(({ json }) => JSON.parse(json) as Record<string, unknown>),
    ]),
  );
}
