import type { DryRunResult, LogLevel } from '@tenon/runtime/contract';
import type { RecordedOutcome } from '@tenon/runtime/recording';
import type { Output } from '../../output/output.ts';
import { removeControls } from '../../output/remove-controls.ts';

export interface DryRunReport {
  /** Against what is stored; undefined: offline, nothing is known of that. */
  readonly counts: DryRunResult['counts'] | undefined;
  readonly outcome: Omit<RecordedOutcome, 'partitions' | 'failedPartitions' | 'error'> & {
    readonly error?:
      { readonly code: string; readonly message: string; readonly hint?: string | undefined } | undefined;
    readonly partitions?: unknown;
    readonly failedPartitions?: unknown;
  };
  readonly logs: ReadonlyArray<{ level: LogLevel; message: string; data: Record<string, unknown> | null }>;
  readonly requests: ReadonlyArray<{ method: string; path: string; status?: number | undefined }>;
}

const shownRecords = 3;
const shownRequests = 20;

/** What a dry run did and what it would have written: requests and logs on stderr, the rest as its answer. */
export function printDryRun(output: Output, name: string, { counts, outcome, logs, requests }: DryRunReport): void {
  const { colors } = output;
  for (const { method, path, status } of requests.slice(0, shownRequests)) {
    output.note(colors.dim(`${status ?? 'no answer'} ${method} ${removeControls(path)}`));
  }
  if (requests.length > shownRequests) output.note(colors.dim(`... ${requests.length - shownRequests} more requests`));
  for (const { level, message, data } of logs) {
    if (level === 'debug' && !output.isVerbose) continue;
    output.note(removeControls(`${level.padEnd(5)} ${message}${data === null ? '' : ` ${JSON.stringify(data)}`}`));
  }
  if ('output' in outcome && outcome.output !== undefined) output.line(JSON.stringify(outcome.output, null, 2));
  for (const [model, records] of Object.entries(outcome.records ?? {})) {
    output.line(`${colors.bold(model)}  ${records.length}`);
    for (const record of records.slice(0, shownRecords))
      output.line(`  ${cut(JSON.stringify(record), output.width - 2)}`);
  }
  for (const [model, ids] of Object.entries(outcome.deleted ?? {})) {
    if (ids.length > 0) output.line(`${colors.bold(model)}  deleted: ${cut(ids.join(', '), output.width - 20)}`);
  }
  const quarantined = outcome.quarantined ?? [];
  for (const { model, id, problems } of quarantined.slice(0, shownRecords)) {
    const [first] = problems;
    output.line(
      `${colors.yellow('!')} ${model} ${id ?? 'without an id'}: ${first?.path ?? ''} ${first?.message ?? ''}`,
    );
  }
  if (outcome.cursor !== undefined) output.line(`cursor ${outcome.cursor}`);
  if (outcome.checkpoint !== undefined) output.line(`checkpoint ${JSON.stringify(outcome.checkpoint)}`);
  output.line(`${outcome.error ? colors.red('✗') : colors.green('✓')} ${name} ${summarise(counts, outcome)}`);
}

function summarise(
  counts: DryRunReport['counts'],
  { records = {}, deleted = {}, quarantined = [] }: DryRunReport['outcome'],
): string {
  const total = (lists: Readonly<Record<string, readonly unknown[]>>): number =>
    Object.values(lists).reduce((sum, list) => sum + list.length, 0);
  const written =
    counts === undefined
      ? `${total(records)} records, ${total(deleted)} deleted`
      : `would write +${counts.added} ~${counts.updated} -${counts.deleted} (${counts.unchanged} unchanged)`;
  return `${written}${quarantined.length > 0 ? `, ${quarantined.length} quarantined` : ''}; nothing was written`;
}

function cut(text: string, width: number): string {
  const safe = removeControls(text);
  return safe.length > width ? `${safe.slice(0, Math.max(20, width - 3))}...` : safe;
}
