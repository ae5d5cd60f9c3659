import type { FunctionManifest, Manifest, PlannedChange } from '@tenon/runtime/contract';
import { diffAction } from './diff-action.ts';
import { diffConnect } from './diff-connect.ts';
import { diffIntegrations } from './diff-integrations.ts';
import { diffSync } from './diff-sync.ts';
import { gravestClass, type Finding } from './finding.ts';

/** A change as the API shows it, and whether the sync's records must be read again from the start. */
export interface ChangeWithEffect {
  readonly change: PlannedChange;
  readonly resync: boolean;
}

/**
 * Compares the active manifest with the one to deploy. Pure: the same two manifests give the same plan, in the order
 * of the new manifest, integrations first, removals last.
 * @param before null: nothing is deployed
 */
export function planDeployment(before: Manifest | null, after: Manifest): ChangeWithEffect[] {
  const base = before ?? emptyManifest(after);
  const old = new Map(base.functions.map((definition) => [keyOf(definition), definition]));
  const kept = new Set(after.functions.map(keyOf));
  const settings = [...diffIntegrations(base, after), ...diffConnect(base, after)].map((change) => ({
    change,
    resync: false,
  }));
  const present = after.functions.flatMap((definition) => {
    const was = old.get(keyOf(definition));
    if (!was) return [toChange('create', definition, [{ reason: 'new', class: 'safe' }])];
    const findings = diffFunction(was, definition);
    return findings.length === 0 ? [] : [toChange('update', definition, findings)];
  });
  const removed = base.functions
    .filter((definition) => !kept.has(keyOf(definition)))
    .map((definition) => toChange('delete', definition, removal(definition)));
  return [...settings, ...present, ...removed];
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
  action: PlannedChange['action'],
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

function emptyManifest(like: Manifest): Manifest {
  return { ...like, integrations: [], providers: [], providerHooks: [], functions: [] };
}
