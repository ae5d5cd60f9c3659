import type { Deployment, Plan, PlannedChange } from '@tenon/runtime/contract';
import { describeImpact } from './describe-impact.ts';
import { nameOfChange } from './name-of-change.ts';
import { summarizePlan } from './print-plan.ts';

/** What a bot finds its comment by, to write it anew instead of adding another one. */
export function planMarker(environment: string): string {
  return `<!-- tenon-plan:${environment.replaceAll(/[^a-z0-9-]/g, '')} -->`;
}

const signs: Record<PlannedChange['action'], string> = { create: '+', update: '~', delete: '-', rename: '>' };

/** A plan as a comment of a pull request. */
export function planMarkdown(plan: Plan, deployment?: Deployment): string {
  const heading = `### Tenon: ${deployment ? `version ${deployment.version} deployed to` : 'plan for'} ${escapeText(plan.environment)}`;
  const lines = [planMarker(plan.environment), heading, ''];
  if (plan.changes.length === 0) {
    return [...lines, `Nothing to deploy: version ${plan.baseVersion} is what the project declares.`, ''].join('\n');
  }
  const impact = describeImpact(plan.impact);
  const rows = plan.changes.map((change) => {
    const cells = [signs[change.action], change.kind, nameOfChange(change), change.class, change.reasons.join(', ')];
    return `| ${cells.map(escapeText).join(' | ')} |`;
  });
  return [
    ...lines,
    summarizePlan(plan),
    '',
    `**Impact:** ${impact === '' ? 'nothing that is stored is touched' : impact}.`,
    '',
    '| | Kind | Name | Class | Reason |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...plan.hints.flatMap((hint) => [`> ${escapeText(hint)}`, '']),
    ...details(plan),
  ].join('\n');
}

function details({ changes }: Plan): string[] {
  const lines = changes.flatMap((change) => {
    const impact = describeImpact(change.impact);
    return impact === '' ? [] : [`- ${escapeText(nameOfChange(change))}: ${impact}`];
  });
  if (lines.length === 0) return [];
  return ['<details><summary>Impact of each change</summary>', '', ...lines, '', '</details>', ''];
}

/** Text that says what it says: no markup, no mention of people, no link, on one line. */
function escapeText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replaceAll('#', '&#35;')
    .replaceAll(/[\\`*_{}[\]()!|~]/g, (sign) => `\\${sign}`)
    .replaceAll('://', ':&#47;&#47;');
}
