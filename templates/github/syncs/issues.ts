import { defineSync, z } from '@tenon/runtime';
import { Issue } from '../models.js';

/** https://docs.github.com/en/rest/issues/issues#list-repository-issues, the fields that are read here. */
interface RawIssue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  state_reason?: string | null;
  user: { login: string } | null;
  assignees?: { login: string }[] | null;
  labels: (string | { name?: string })[];
  milestone: { title: string } | null;
  comments: number;
  html_url: string;
  created_at: string;
  updated_at: string;
  closed_at: string | null;
  /** Only on pull requests, which are in the list of issues too. */
  pull_request?: object;
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues; other events have no issue. */
interface IssuesEvent {
  action?: string;
  issue?: RawIssue;
  repository?: { full_name: string };
}

export default defineSync({
  description: 'Issues of the repositories that the customer picked, without pull requests',
  models: { Issue },
  schedule: 'every 15m',
  settings: z.object({
    repos: z.array(z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name')).describe('Repositories as owner/name.'),
    pageSize: z.number().int().min(1).max(100).default(100).describe('Issues asked for at once.'),
  }),
  // Each repository has its own, so one that is added later is read from its beginning. The lag is for replicas of
  // GitHub that answer a little behind.
  cursor: { field: 'updatedAt', order: 'descending', lag: '5m' },
  // Only webhooks tell of deleted and transferred issues. A run asks for what changed and never learns of them, and one
  // from the start deletes nothing either: with `absence`, an incremental list would delete what did not change. So an
  // account without webhooks keeps the issues that were deleted at GitHub.
  deletes: 'feed',
  timeout: '30m',
  async run(sync) {
    const { repos, pageSize } = sync.settings;
    for (const repo of repos) {
      // One that was renamed away, or that the customer may not read any more, does not stop the others.
      await sync.partition(repo, async (part) => {
        const pages = part.paginate<RawIssue>(`/repos/${repo}/issues`, {
          params: {
            since: withoutFractions(part.cursor),
            state: 'all',
            // Newest change first: an issue that changes during the read moves towards pages that were read already,
            // and pushes none past the reader. It is read the next time.
            sort: 'updated',
            direction: 'desc',
          },
          pagination: { limit: pageSize },
          resume: true,
        });
        for await (const page of pages) {
          const issues = page.filter((raw) => raw.pull_request === undefined);
          await part.save(
            'Issue',
            issues.map((raw) => toIssue(repo, raw)),
          );
        }
      });
    }
  },
  async onWebhook(sync, event) {
    const { action, issue, repository } = event.body as IssuesEvent;
    if (issue === undefined || repository === undefined || issue.pull_request !== undefined) return;
    if (!sync.settings.repos.includes(repository.full_name)) return;
    if (action === 'deleted' || action === 'transferred') await sync.delete('Issue', [issue.id]);
    else await sync.save('Issue', [toIssue(repository.full_name, issue)]);
  },
});

function toIssue(repo: string, raw: RawIssue): z.input<typeof Issue> {
  return {
    id: raw.id,
    repo,
    number: raw.number,
    title: raw.title,
    body: raw.body,
    state: raw.state,
    stateReason: raw.state_reason ?? null,
    author: raw.user?.login ?? null,
    assignees: (raw.assignees ?? []).map((assignee) => assignee.login),
    labels: raw.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
    milestone: raw.milestone?.title ?? null,
    comments: raw.comments,
    url: raw.html_url,
    createdAt: raw.created_at,
    updatedAt: raw.updated_at,
    closedAt: raw.closed_at,
  };
}

/** The documentation has `since` without fractions of a second; a cursor less a lag has some. */
function withoutFractions(cursor: string | number | undefined): string | undefined {
  return cursor === undefined ? undefined : String(cursor).replace(/\.\d+Z$/, 'Z');
}
