import type { Run } from '@tenon/runtime/contract';
import type { ChalkInstance } from 'chalk';

/** One line for a run that ended: `✓ github/issues user1 +12 ~3 -0 in 0.4s`. */
export function formatRun(run: Run, colors: ChalkInstance): string {
  const isGood = run.status === 'succeeded';
  // What it read is good; something is left for somebody to look at.
  const isHalf = run.status === 'partial' || run.status === 'held';
  const paint = isHalf ? colors.yellow : colors.red;
  const mark = isGood ? colors.green('✓') : isHalf ? colors.yellow('!') : colors.red('✗');
  const parts = [mark, `${run.integration}/${run.function}`, run.connection];
  if (run.kind === 'sync') parts.push(formatCounts(run, colors));
  // "250 held" among the counts says it already.
  const isTold = run.status === 'held' && run.counts.held > 0;
  if (!isGood && !isTold) parts.push(paint(run.status.replaceAll('_', ' ')));
  const durationMs = runDurationMs(run);
  if (durationMs !== undefined) parts.push(colors.dim(`in ${formatDuration(durationMs)}`));
  return parts.join(' ');
}

/** `+12 ~3 -0, 2 held`: added, updated, deleted; with what is held and in quarantine, if anything. */
export function formatCounts({ counts }: Pick<Run, 'counts'>, colors: ChalkInstance): string {
  const paint = (text: string, count: number, color: (text: string) => string) => (count > 0 ? color(text) : text);
  const changes = [
    paint(`+${counts.added}`, counts.added, colors.green),
    paint(`~${counts.updated}`, counts.updated, colors.yellow),
    paint(`-${counts.deleted}`, counts.deleted, colors.red),
  ];
  return [
    changes.join(' '),
    ...(counts.held > 0 ? [colors.yellow(`${counts.held} held`)] : []),
    ...(counts.quarantined > 0 ? [colors.yellow(`${counts.quarantined} quarantined`)] : []),
  ].join(', ');
}

/** Milliseconds between its start and its end; undefined when it has not ended, or never began. */
export function runDurationMs(run: Pick<Run, 'startedAt' | 'finishedAt'>): number | undefined {
  if (run.startedAt === null || run.finishedAt === null) return undefined;
  return Math.max(0, Date.parse(run.finishedAt) - Date.parse(run.startedAt));
}

/** `0.4s`, `12s`, `3m 20s`. */
export function formatDuration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

/** `queued (rate limit)`: also what a run waits for. */
export function formatStatus({ status, waitsFor }: Pick<Run, 'status' | 'waitsFor'>): string {
  return waitsFor === null ? status : `${status} (${waitsFor.replaceAll('_', ' ')})`;
}
