import type { EraseStep } from './erase-step.ts';
import { removeByDataset } from './remove-by-dataset.ts';
import { removeByEnvironment } from './remove-by-environment.ts';
import { removeConnections } from './remove-connections.ts';
import { removeDeployments } from './remove-deployments.ts';
import { removeViews } from './remove-views.ts';

/**
 * What an environment has, in the order in which it goes: records while their datasets still say whose they are, what
 * there may be much of before what it would be deleted with in one statement. Variables, keys, endpoints, sessions and
 * locks are few, and go with the environment itself.
 */
export const eraseSteps: readonly EraseStep[] = [
  { name: 'SQL views', removeBatch: removeViews },
  { name: 'logs', removeBatch: removeByEnvironment('run_logs') },
  { name: 'runs', removeBatch: removeByEnvironment('runs') },
  { name: 'records', removeBatch: removeByDataset('records') },
  { name: 'versions of records', removeBatch: removeByDataset('record_versions') },
  { name: 'writes of runs', removeBatch: removeByDataset('run_writes') },
  { name: 'quarantine', removeBatch: removeByDataset('quarantine') },
  { name: 'skipped ticks', removeBatch: removeByEnvironment('skipped_ticks') },
  { name: 'webhook events', removeBatch: removeByEnvironment('webhook_events') },
  { name: 'audit log', removeBatch: removeByEnvironment('audit_log') },
  { name: 'connections', removeBatch: removeConnections },
  { name: 'deployments', removeBatch: removeDeployments },
];
