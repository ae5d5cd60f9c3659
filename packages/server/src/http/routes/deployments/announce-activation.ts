import type { DeploymentOutcome } from '../../../deployments/create-deployment.ts';
import type { AppContext } from '../../app-context.ts';

/**
 * After a version became active: every connection gets its schedules, and whoever watches hears of it. Schedules are
 * set even when nothing changed, so that a deploy which was cut off in between is made good by repeating it.
 */
export async function announceActivation(
  { runs, events }: Pick<AppContext, 'runs' | 'events'>,
  { environmentId, outcome }: { environmentId: number; outcome: DeploymentOutcome },
): Promise<void> {
  await runs.syncConnectionSchedules({ environmentId });
  if (outcome.changed) {
    events.publish(environmentId, { type: 'deployment.activated', version: outcome.deployment.version });
  }
}
