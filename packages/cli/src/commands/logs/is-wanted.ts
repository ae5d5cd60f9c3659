import { logLevelSchema, type LiveEvent } from '@tenon/runtime/contract';
import type { LogsFlags } from './run-logs.ts';

const signs = /[^\p{L}\p{M}\p{N}]+/u;

/** What the server's list is narrowed by, for entries that come as events. */
export function isWanted({ run, entry }: Extract<LiveEvent, { type: 'log' }>, flags: LogsFlags): boolean {
  const levels = logLevelSchema.options;
  return (
    (flags.run === undefined || run.id === flags.run) &&
    levels.indexOf(entry.level) >= levels.indexOf(flags.level ?? 'debug') &&
    (flags.kind === undefined || entry.kind === flags.kind) &&
    (flags.integration === undefined || run.integration === flags.integration) &&
    (flags.connection === undefined || run.connection === flags.connection) &&
    (flags.function === undefined || run.function === flags.function) &&
    (flags.since === undefined || Date.parse(entry.at) >= flags.since.getTime()) &&
    (flags.search === undefined || hasWords(entry.message, flags.search))
  );
}

/** All of the words, in any order, each perhaps the beginning of one; a sign parts words. */
function hasWords(message: string, search: string): boolean {
  const words = splitWords(message);
  return splitWords(search).every((wanted) => words.some((word) => word.startsWith(wanted)));
}

function splitWords(text: string): string[] {
  return text.toLowerCase().split(signs).filter(Boolean);
}
