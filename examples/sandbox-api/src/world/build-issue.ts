import type { Issue } from './items.ts';
import { wordList } from './prose.ts';
import type { Random } from './random.ts';

const labels = ['bug', 'feature', 'question', 'docs', 'performance', 'design'] as const;
const projects = ['api', 'web', 'mobile', 'billing'] as const;
const priorities = ['low', 'normal', 'normal', 'high', 'urgent'] as const;

export interface IssueInput {
  number: number;
  createdAt: Date;
  updatedAt: Date;
  assignees: readonly [string, ...string[]];
  /** Bytes of the issue's JSON; the body fills what the other fields leave. */
  bytes: number;
  prose(from: number, length: number): string;
}

export function buildIssue(random: Random, input: IssueInput): Issue {
  const first = random.pick(wordList);
  const chosen = labels.filter(() => random.next() < 0.25);
  const issue: Issue = {
    id: `iss_${input.number}`,
    number: input.number,
    project: random.pick(projects),
    title: `${first[0]?.toUpperCase() ?? ''}${first.slice(1)} ${random.pick(wordList)} on ${random.pick(wordList)} page`,
    body: '',
    state: random.next() < 0.7 ? 'open' : 'closed',
    labels: chosen,
    assignee: random.next() < 0.8 ? random.pick(input.assignees) : null,
    priority: random.pick(priorities),
    comments: random.below(20),
    createdAt: input.createdAt.toISOString(),
    updatedAt: input.updatedAt.toISOString(),
  };
  const room = Math.max(20, input.bytes - JSON.stringify(issue).length);
  return { ...issue, body: input.prose(random.below(65_536), room) };
}
