import type { FunctionManifest, Manifest } from '@tenon/runtime/contract';
import { findRenames } from '../renames/find-renames.ts';
import { hintAtRenames } from '../renames/hint-at-renames.ts';
import type { Rename } from '../renames/rename.ts';
import { renameInManifest } from '../renames/rename-in-manifest.ts';
import { diffAction } from './diff-action.ts';
import { diffConnect } from './diff-connect.ts';
import { diffIntegrations } from './diff-integrations.ts';
import { diffProject } from './diff-project.ts';
import { diffSync } from './diff-sync.ts';
import { gravestClass, type DiffedChange, type Finding } from './finding.ts';

/** A change as the API shows it, and whether the sync's records must be read again from the start. */
export interface ChangeWithEffect {
  readonly change: DiffedChange;
  readonly resync: boolean;
}

export interface DeploymentPlan {
  readonly changes: readonly ChangeWithEffect[];
  readonly renames: readonly Rename[];
  readonly hints: readonly string[];
  /** The manifest before, with the names of the one after. */
  readonly before: Manifest;
}

/**
 * Compares the active manifest with the one to deploy. Pure: the same two manifests give the same plan, in the order
 * of the new manifest, integrations first, removals last.
 * @param before null: nothing is deployed
 * @throws TenonError `rename_refused`
 */
export function planDeployment(before: Manifest | null, after: Manifest): DeploymentPlan {
  const { renames, hints } = before ? findRenames(before, after) : { renames: [], hints: [] };
  const base = before ? renameInManifest(before, renames) : emptyManifest(after);
  const changes = withRenames(diffManifests(base, after), renames);
  return { changes, renames, hints: [...hints, ...hintAtRenames(base, after)], before: base };
}

/** What is called otherwise is a change, whatever else changed of it: apps name it. */
function withRenames(changes: readonly ChangeWithEffect[], renames: readonly Rename[]): ChangeWithEffect[] {
  const renamed = renames.map((rename): ChangeWithEffect => {
    const { kind, integration, from, to } = rename;
    const other = changes.find(({ change }) => isOf(change, rename));
    const findings: Finding[] = [
      { reason: `renamed from ${from}`, class: 'breaking' },
      ...(other?.change.reasons.map((reason): Finding => ({ reason, class: other.change.class })) ?? []),
    ];
    const about = { kind, integration, name: to, renamedFrom: from, class: gravestClass(findings) };
    return {
      change: { action: 'rename', ...about, reasons: findings.map(({ reason }) => reason) },
      resync: other?.resync ?? false,
    };
  });
  return [...renamed, ...changes.filter(({ change }) => !renames.some((rename) => isOf(change, rename)))];
}

function isOf({ kind, integration, name }: DiffedChange, rename: Rename): boolean {
  return kind === rename.kind && integration === rename.integration && name === rename.to;
}

function diffManifests(base: Manifest, after: Manifest): ChangeWithEffect[] {
  const old = new Map(base.functions.map((definition) => [keyOf(definition), definition]));
  const kept = new Set(after.functions.map(keyOf));
  const settings = [...diffProject(base, after), ...diffIntegrations(base, after), ...diffConnect(base, after)];
  const present = after.functions.flatMap((definition) => {
    const was = old.get(keyOf(definition));
    if (!was) return [toChange('create', definition, [{ reason: 'new', class: 'safe' }])];
    const findings = diffFunction(was, definition);
    return findings.length === 0 ? [] : [toChange('update', definition, findings)];
  });
  const removed = base.functions
    .filter((definition) => !kept.has(keyOf(definition)))
    .map((definition) => toChange('delete', definition, removal(definition)));
  return [...settings.map((change) => ({ change, resync: false })), ...present, ...removed];
}

function diffFunction(before: FunctionManifest, after: FunctionManifest): Finding[] {
  if (before.kind === 'sync' && after.kind === 'sync') return diffSync(before, after);
  if (before.kind === 'action' && after.kind === 'action') return diffAction(before, after);
  return [];
}

function removal(definition: FunctionManifest): Finding[] {
  if (definition.kind === 'action') return [{ reason: 'removed', class: 'breaking' }];
  const models = definition.models.map((model) => model.name).join(', ');
  return [{ reason: `removed, with its records of ${models}`, class: 'destructive' }];
}

function toChange(
  action: DiffedChange['action'],
  { kind, integration, name }: FunctionManifest,
  findings: Finding[],
): ChangeWithEffect {
  return {
    change: {
      action,
      kind,
      integration,
      name,
      class: gravestClass(findings),
      reasons: findings.map((finding) => finding.reason),
    },
    resync: kind === 'sync' && action === 'update' && findings.some(needsResync),
  };
}

function needsResync(finding: Finding): boolean {
  return finding.class === 'resync' || finding.resync === true;
}

/** A sync and an action of the same name are two things. */
function keyOf({ kind, integration, name }: FunctionManifest): string {
  return `${kind} ${integration}/${name}`;
}

/** Nothing is deployed; what holds for the whole project is no change then. */
function emptyManifest(like: Manifest): Manifest {
  return { ...like, integrations: [], providers: [], providerHooks: [], functions: [] };
}
