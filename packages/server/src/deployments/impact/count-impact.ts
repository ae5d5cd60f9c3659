import type { Kysely } from 'kysely';
import {
  noImpact,
  type Manifest,
  type PlanImpact,
  type PlannedChange,
  type SyncManifest,
} from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { integrationScopes } from '../integration-scopes.ts';
import { diffSchemas } from '../plan/diff-schemas.ts';
import type { ChangeWithEffect, DeploymentPlan } from '../plan/plan-deployment.ts';
import { countConnectionsWithoutScopes } from '../storage/count-connections-without-scopes.ts';
import { countConnections, countConnectionsOfSyncs } from './queries/count-connections.ts';
import { countRecords } from './queries/count-records.ts';
import { countSyncs } from './queries/count-syncs.ts';
import { createStoredNames, type StoredNames } from './stored-names.ts';

export interface CountedPlan {
  readonly changes: PlannedChange[];
  readonly impact: PlanImpact;
}

interface CountContext {
  readonly database: Kysely<Schema>;
  readonly environmentId: number;
  readonly names: StoredNames;
  readonly before: Manifest;
  readonly after: Manifest;
}

/** Counts, on what is stored now, what follows from each change and from all of them. Changes nothing. */
export async function countImpact(
  database: Kysely<Schema>,
  { environmentId, plan, after }: { environmentId: number; plan: DeploymentPlan; after: Manifest },
): Promise<CountedPlan> {
  const names = createStoredNames(plan.renames);
  const context: CountContext = { database, environmentId, names, before: plan.before, after };
  const changes: PlannedChange[] = [];
  // One after the other: a plan of many changes leaves connections of the pool to runs.
  for (const effect of plan.changes) changes.push(await countChange(context, effect));
  const syncs = plan.changes
    .filter(({ resync }) => resync)
    .map(({ change: { integration, name } }) => ({
      integration: names.integration(integration),
      sync: names.sync(integration, name),
    }));
  const connectionsReadAgain = await countConnectionsOfSyncs(database, { environmentId, syncs });
  return { changes, impact: { ...changes.reduce(addImpact, noImpact), connectionsReadAgain } };
}

function addImpact(sum: PlanImpact, { impact }: PlannedChange): PlanImpact {
  const added = Object.entries(sum).map(([key, value]) => [key, value + impact[key as keyof PlanImpact]]);
  return Object.fromEntries(added) as PlanImpact;
}

async function countChange(context: CountContext, { change, resync }: ChangeWithEffect): Promise<PlannedChange> {
  if (change.kind === 'sync') return { ...change, impact: await countSync(context, { change, resync }) };
  if (change.kind !== 'integration') return { ...change, impact: noImpact };
  const impact = await countIntegration(context, change);
  if (impact.consentsNeeded === 0) return { ...change, impact };
  const count = impact.consentsNeeded === 1 ? '1 connection' : `${impact.consentsNeeded} connections`;
  return { ...change, impact, reasons: [...change.reasons, `${count} must consent again`] };
}

async function countIntegration(
  { database, environmentId, names, before, after }: CountContext,
  { action, name }: ChangeWithEffect['change'],
): Promise<PlanImpact> {
  const integration = names.integration(name);
  if (action === 'delete') {
    return { ...noImpact, connectionsRemoved: await countConnections(database, { environmentId, integration }) };
  }
  if (action === 'create') return noImpact;
  const known = integrationScopes(before, name);
  const scopes = integrationScopes(after, name).filter((scope) => !known.includes(scope));
  if (scopes.length === 0) return noImpact;
  const consentsNeeded = await countConnectionsWithoutScopes(database, { environmentId, integration, scopes });
  return { ...noImpact, consentsNeeded };
}

async function countSync(context: CountContext, { change, resync }: ChangeWithEffect): Promise<PlanImpact> {
  const { database, environmentId, names } = context;
  const [before, after] = [findSync(context.before, change), findSync(context.after, change)];
  const integration = names.integration(change.integration);
  const sync = names.sync(change.integration, change.name);
  if (!before) return after ? countNewSync(context, { integration, sync, after }) : noImpact;
  const count = (models: readonly string[]) =>
    countRecords(database, {
      environmentId,
      integration,
      models: models.map((model) => names.model(change.integration, model)),
    });
  const counts = await countSyncs(database, { environmentId, integration, sync });
  const all = await count(before.models.map(({ name }) => name));
  const kept = new Set(after?.models.map(({ name }) => name));
  const removed = await count(before.models.map(({ name }) => name).filter((name) => !kept.has(name)));
  const reshaped = after ? await count(reshapedModels(before, after)) : { live: 0 };
  return {
    ...noImpact,
    recordsRemoved: removed.live,
    recordsReshaped: reshaped.live,
    ...(resync && {
      connectionsReadAgain: counts.connections,
      recordsReadAgain: all.live - removed.live,
      providerCalls: counts.calls,
      connectionsWithoutForecast: counts.without_forecast,
    }),
    schedulesStopping: before.schedule && !after?.schedule ? (after ? counts.following : counts.scheduled) : 0,
    schedulesStarting: !before.schedule && after?.schedule ? counts.following : 0,
    deletionsHeld: counts.held,
    recordsQuarantined: all.quarantined,
  };
}

/** A sync that comes is run for every connection of its integration. One that comes back finds its own pauses. */
async function countNewSync(
  { database, environmentId }: CountContext,
  { integration, sync, after }: { integration: string; sync: string; after: SyncManifest },
): Promise<PlanImpact> {
  if (!after.schedule) return noImpact;
  const connections = await countConnections(database, { environmentId, integration });
  const known = await countSyncs(database, { environmentId, integration, sync });
  return { ...noImpact, schedulesStarting: connections - known.connections + known.following };
}

function reshapedModels(before: SyncManifest, after: SyncManifest): string[] {
  return after.models
    .filter(({ name, schema }) => {
      const old = before.models.find((model) => model.name === name);
      return old !== undefined && diffSchemas(old.schema, schema).length > 0;
    })
    .map(({ name }) => name);
}

function findSync(manifest: Manifest, { integration, name }: ChangeWithEffect['change']): SyncManifest | undefined {
  return manifest.functions.find(
    (one): one is SyncManifest => one.kind === 'sync' && one.integration === integration && one.name === name,
  );
}
