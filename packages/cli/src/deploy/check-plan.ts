import type { Plan, PlannedChange } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { nameOfChange } from './name-of-change.ts';

/**
 * Refuses a saved plan that says something else than the one that the server makes of the same manifest now. Counts may
 * move, because records come and go; what changes, how grave that is and what it is made against may not.
 * @throws TenonError `plan_stale` with what moved
 */
export function checkPlan({ saved, current }: { saved: Plan; current: Plan }): void {
  const moved = [...describeBase(saved, current), ...describeChanges(saved.changes, current.changes)];
  if (moved.length === 0) return;
  throw new TenonError('plan_stale', `The environment moved since the plan was made: ${moved.join('; ')}.`, {
    hint: 'Plan again, look at what changed, and deploy that plan.',
    details: { moved, baseVersion: saved.baseVersion, activeVersion: current.baseVersion },
  });
}

function describeBase(saved: Plan, current: Plan): string[] {
  if (saved.environment !== current.environment) {
    return [`it was made for the environment ${saved.environment}, and this is ${current.environment}`];
  }
  if (saved.baseVersion !== current.baseVersion) {
    return [`version ${current.baseVersion} is active, not ${saved.baseVersion}`];
  }
  return saved.fingerprint === current.fingerprint
    ? []
    : [`${current.environment} is another environment of that name`];
}

function describeChanges(saved: readonly PlannedChange[], current: readonly PlannedChange[]): string[] {
  const [before, after] = [toLines(saved), toLines(current)];
  return [
    ...after.filter((line) => !before.includes(line)).map((line) => `now also ${line}`),
    ...before.filter((line) => !after.includes(line)).map((line) => `no more ${line}`),
  ];
}

function toLines(changes: readonly PlannedChange[]): string[] {
  return changes.map((change) => `${change.action} ${change.kind} ${nameOfChange(change)} (${change.class})`);
}
