import type { AuditEntry } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';

export interface AuditFlags extends TargetFlags {
  readonly action?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

/** The most that the server gives at once. */
const pageSize = 1_000;

/** Lists who changed what, newest first. */
export async function runAudit(context: CommandContext, flags: AuditFlags): Promise<void> {
  const { output, signal } = context;
  const { action, subject, limit } = flags;
  const [from, to] = [readTime('--from', flags.from), readTime('--to', flags.to)];
  await withServer(context, flags, async (server) => {
    const entries: AuditEntry[] = [];
    let cursor: string | undefined;
    do {
      const filter = { action, subject, from, to, cursor, limit: Math.min(pageSize, limit - entries.length) };
      const page = await server.listAuditLog({ ...filter, signal });
      entries.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && entries.length < limit);
    if (entries.length === 0) output.line('Nothing of this is in the audit log.');
    else {
      output.table(entries, [
        { title: 'TIME', value: ({ at }) => formatTime(at) },
        { title: 'WHO', value: describeActor },
        { title: 'DID', value: (entry) => entry.action },
        { title: 'TO', value: (entry) => entry.subject ?? '' },
        { title: 'FROM', value: ({ address }) => address ?? '' },
      ]);
    }
    output.result({ items: entries });
  });
}

function describeActor({ actor }: AuditEntry): string {
  if (actor.kind === 'system') return 'the server';
  const kind = actor.kind === 'api_key' ? 'key' : 'session';
  return `${kind} ${actor.id ?? '?'}${actor.name === null ? '' : ` (${actor.name})`}`;
}

function readTime(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new TenonError('usage_invalid', `${flag} ${text} is no time.`, { hint: 'Write it as 2026-01-31T08:00:00Z.' });
}
