import type { PlanImpact } from '@tenon/runtime/contract';

/** Of a change that touches nothing that is there now. */
export const noImpact: PlanImpact = {
  connectionsReadAgain: 0,
  recordsReadAgain: 0,
  recordsRemoved: 0,
  recordsReshaped: 0,
  connectionsRemoved: 0,
  providerCalls: 0,
  connectionsWithoutForecast: 0,
  consentsNeeded: 0,
  schedulesStarting: 0,
  schedulesStopping: 0,
  deletionsHeld: 0,
  recordsQuarantined: 0,
};
