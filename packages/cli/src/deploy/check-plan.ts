import type { Deployment, Plan, PlannedChange } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { nameOfChange } from './name-of-change.ts';

export interface PlansToCompare {
  readonly saved: Plan;
  readonly current: Plan;
  readonly active?: Deployment | undefined;
}

/**
 * Refuses a saved plan that says something else than the one that the server makes of the same manifest now. Counts may
 * move, because records come and go; what changes, how grave that is and what it is made against may not. When nothing is
 * left to change, it was deployed already: whoever asks again because the answer was lost is not refused.
 * @param active the version that is active now, where it is known; named when it is what came between
 * @throws TenonError `plan_stale` with what moved
 */
export function checkPlan({ saved, current, active }: PlansToCompare): void {
  if (saved.environment === current.environment && current.changes.length === 0) return;
  const moved = [...describeBase({ saved, current, active }), ...describeChanges(saved.changes, current.changes)];
  if (moved.length === 0) return;
  throw new TenonError('plan_stale', `The environment moved since the plan was made: ${moved.join('; ')}.`, {
    hint: 'Plan again, look at what changed, and deploy that plan.',
    details: {
      moved,
      baseVersion: saved.baseVersion,
      activeVersion: current.baseVersion,
      ...(active && {
        message: active.message,
        externalId: active.externalId,
        deployedBy: active.deployedBy,
        deployedAt: active.createdAt,
      }),
    },
  });
}

function describeBase({ saved, current, active }: PlansToCompare): string[] {
  if (saved.environment !== current.environment) {
    return [`it was made for the environment ${saved.environment}, and this is ${current.environment}`];
  }
  if (saved.baseVersion !== current.baseVersion) {
    return [`version ${current.baseVersion}${active ? describe(active) : ''} is active, not ${saved.baseVersion}`];
  }
  return saved.fingerprint === current.fingerprint
    ? []
    : [`${current.environment} is another environment of that name`];
}

/** ` ("fix labels", 3f2a91c, deployed with the key ci)` */
function describe({ message, externalId, deployedBy }: Deployment): string {
  const parts = [
    ...(message === null ? [] : [JSON.stringify(message)]),
    ...(externalId === null ? [] : [externalId]),
    ...(deployedBy === null ? [] : [`deployed with the key ${deployedBy}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
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
