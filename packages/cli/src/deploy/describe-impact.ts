import type { PlanImpact } from '@tenon/runtime/contract';

/** What follows, in words: `42 connections read again, about 18,000 calls, 3 must consent again`; empty: nothing. */
export function describeImpact(impact: PlanImpact): string {
  const {
    connectionsReadAgain,
    recordsReadAgain,
    recordsRemoved,
    recordsReshaped,
    connectionsRemoved,
    consentsNeeded,
    schedulesStarting,
    schedulesStopping,
    deletionsHeld,
    recordsQuarantined,
  } = impact;
  return [
    ...say(connectionsReadAgain, 'connection', 'read again'),
    ...(connectionsReadAgain > 0 ? describeCalls(impact) : []),
    ...say(recordsReadAgain, 'record', 'read again'),
    ...say(recordsRemoved, 'record', 'removed'),
    ...say(recordsReshaped, 'record', 'change shape', 'changes shape'),
    ...say(connectionsRemoved, 'connection', 'removed'),
    ...(consentsNeeded === 0 ? [] : [`${formatCount(consentsNeeded)} must consent again`]),
    ...say(schedulesStarting, 'schedule', 'begin', 'begins'),
    ...say(schedulesStopping, 'schedule', 'stop', 'stops'),
    ...say(deletionsHeld, 'deletion', 'wait for approval', 'waits for approval'),
    ...say(recordsQuarantined, 'record', 'in quarantine'),
  ].join(', ');
}

/** Of calls nobody counted, nothing is said as if somebody had. */
function describeCalls({ providerCalls, connectionsReadAgain, connectionsWithoutForecast }: PlanImpact): string[] {
  if (connectionsWithoutForecast === 0) return [`about ${formatCount(providerCalls)} calls`];
  if (providerCalls === 0) return ['calls unknown'];
  const unknown = `and those of ${formatCount(connectionsWithoutForecast)} more reads, which are unknown`;
  return connectionsReadAgain === 0 ? [] : [`about ${formatCount(providerCalls)} calls ${unknown}`];
}

function say(count: number, noun: string, many: string, one = many): string[] {
  if (count === 0) return [];
  return [count === 1 ? `1 ${noun} ${one}` : `${formatCount(count)} ${noun}s ${many}`];
}

/** 18000 -> 18,000 */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
