import { isDeepStrictEqual } from 'node:util';
import type { Manifest, PlannedChange, ProviderHooksManifest } from '@tenon/runtime/contract';
import { gravestClass, type Finding } from './finding.ts';

/** Integrations that came, went or changed their provider. Removing one makes its connections useless. */
export function diffIntegrations(before: Manifest, after: Manifest): PlannedChange[] {
  const changes: PlannedChange[] = [];
  for (const { name } of after.integrations) {
    const findings = diffProvider(before, after, name);
    if (findings === undefined) changes.push(change('create', name, [{ reason: 'new', class: 'safe' }]));
    else if (findings.length > 0) changes.push(change('update', name, findings));
  }
  const kept = new Set(after.integrations.map(({ name }) => name));
  for (const { name } of before.integrations) {
    if (!kept.has(name)) changes.push(change('delete', name, [{ reason: 'removed', class: 'destructive' }]));
  }
  return changes;
}

function change(action: PlannedChange['action'], name: string, findings: Finding[]): PlannedChange {
  return {
    action,
    kind: 'integration',
    integration: name,
    name,
    class: gravestClass(findings),
    reasons: findings.map((finding) => finding.reason),
  };
}

/** @returns undefined when the integration is new */
function diffProvider(before: Manifest, after: Manifest, integration: string): Finding[] | undefined {
  const [old, next] = [providerOf(before, integration), providerOf(after, integration)];
  if (old === undefined) return undefined;
  if (next === undefined || old.name !== next.name) {
    return [{ reason: `provider ${old.name} -> ${next?.name ?? 'none'}`, class: 'breaking' }];
  }
  const findings: Finding[] = [];
  if (old.auth.mode !== next.auth.mode) {
    findings.push({ reason: `auth ${old.auth.mode} -> ${next.auth.mode}`, class: 'breaking' });
  }
  const facts = new Map<string, unknown>(Object.entries(next));
  const changed = [...new Set([...Object.keys(old), ...facts.keys()])].filter(
    (key) => !isDeepStrictEqual(Object.entries(old).find(([name]) => name === key)?.[1], facts.get(key)),
  );
  const rest = changed.filter((key) => key !== 'auth' || old.auth.mode === next.auth.mode);
  if (rest.length > 0) findings.push({ reason: `provider ${next.name}: ${rest.join(', ')}`, class: 'safe' });
  findings.push(...diffHooks(hooksOf(before, next.name), hooksOf(after, next.name)));
  return findings;
}

/** What the provider's code does. Nothing that is stored depends on it. */
function diffHooks(old: ProviderHooksManifest | undefined, next: ProviderHooksManifest | undefined): Finding[] {
  const reasons: string[] = [];
  const gone = old?.hooks.filter((name) => !next?.hooks.includes(name)) ?? [];
  const come = next?.hooks.filter((name) => !old?.hooks.includes(name)) ?? [];
  const moved = [...come.map((name) => `+${name}`), ...gone.map((name) => `-${name}`)];
  if (moved.length > 0) reasons.push(`hooks: ${moved.join(', ')}`);
  else if (old?.bundle !== next?.bundle) reasons.push('code');
  return reasons.map((reason) => ({ reason, class: 'safe' }));
}

/** A manifest that was stored before there were hooks has no list. */
function hooksOf({ providerHooks = [] }: Partial<Pick<Manifest, 'providerHooks'>>, provider: string) {
  return providerHooks.find((one) => one.provider === provider);
}

function providerOf(manifest: Manifest, integration: string) {
  const name = manifest.integrations.find((one) => one.name === integration)?.provider;
  return manifest.providers.find((provider) => provider.name === name);
}
