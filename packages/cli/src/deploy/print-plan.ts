import type { ChangeClass, Plan, PlannedChange } from '@tenon/runtime/contract';
import { describeImpact } from './describe-impact.ts';
import { nameOfChange } from './name-of-change.ts';
import type { Output } from '../output/output.ts';

/** Shows what a deployment would change, why, and what follows from it. */
export function printPlan(output: Output, plan: Plan): void {
  const { colors } = output;
  const sign = {
    create: colors.green('+'),
    update: colors.yellow('~'),
    delete: colors.red('-'),
    rename: colors.cyan('>'),
  };
  const paint: Record<ChangeClass, (text: string) => string> = {
    safe: colors.green,
    resync: colors.yellow,
    breaking: colors.magenta,
    destructive: colors.red,
  };
  output.table(plan.changes, [
    { title: '', value: (change) => sign[change.action] },
    { title: 'KIND', value: (change) => change.kind },
    { title: 'NAME', value: nameOfChange },
    { title: 'CLASS', value: (change) => paint[change.class](change.class) },
    { title: 'REASON', value: (change) => change.reasons.join(', ') },
  ]);
  output.line();
  output.line(summarizePlan(plan));
  const impact = describeImpact(plan.impact);
  if (impact !== '') output.line(`${impact}.`);
  for (const line of consequences(plan)) output.line(line);
  for (const hint of plan.hints) output.line(`${colors.yellow('hint')} ${hint}`);
}

/** `1 to create, 2 to update, 0 to delete; made against version 4.` */
export function summarizePlan(plan: Plan): string {
  const count = (action: PlannedChange['action']) => plan.changes.filter((change) => change.action === action).length;
  const base = plan.baseVersion === 0 ? 'nothing is deployed yet' : `made against version ${plan.baseVersion}`;
  const renames = count('rename') === 0 ? '' : `, ${count('rename')} to rename`;
  return `${count('create')} to create, ${count('update')} to update, ${count('delete')} to delete${renames}; ${base}.`;
}

const meaning: Partial<Record<ChangeClass, string>> = {
  resync: 'resync: the records are read again from the start.',
  breaking: 'breaking: apps that read these records or call these actions may need a change.',
  destructive: 'destructive: records or connections are removed.',
};

function consequences(plan: Plan): string[] {
  const classes = new Set(plan.changes.map((change) => change.class));
  return [...classes].flatMap((name) => meaning[name] ?? []);
}
