import { isDeepStrictEqual } from 'node:util';
import type { IntegrationManifest, Manifest, ProviderHooksManifest } from '@tenon/runtime/contract';
import { integrationScopes } from '../integration-scopes.ts';
import { gravestClass, type DiffedChange, type Finding } from './finding.ts';

/** Integrations that came, went, or changed their provider or what the code says of them. Removing one makes its connections useless. */
export function diffIntegrations(before: Manifest, after: Manifest): DiffedChange[] {
  const changes: DiffedChange[] = [];
  for (const { name } of after.integrations) {
    const findings = diffIntegration(before, after, name);
    if (findings === undefined) changes.push(change('create', name, [{ reason: 'new', class: 'safe' }]));
    else if (findings.length > 0) changes.push(change('update', name, findings));
  }
  const kept = new Set(after.integrations.map(({ name }) => name));
  for (const { name } of before.integrations) {
    if (!kept.has(name)) changes.push(change('delete', name, [{ reason: 'removed', class: 'destructive' }]));
  }
  return changes;
}

function change(action: DiffedChange['action'], name: string, findings: Finding[]): DiffedChange {
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
function diffIntegration(before: Manifest, after: Manifest, name: string): Finding[] | undefined {
  const provider = diffProvider(before, after, name);
  if (provider === undefined) return undefined;
  const [old, next] = [before, after].map(({ integrations }) => integrations.find((one) => one.name === name));
  const scopes = describeLists(integrationScopes(before, name), integrationScopes(after, name));
  const reasons = [...(scopes === '' ? [] : [`scopes ${scopes}`]), ...(old && next ? diffDeclarations(old, next) : [])];
  return [...provider, ...reasons.map((reason): Finding => ({ reason, class: 'safe' }))];
}

/** Names only: a value may be what nobody should read in a terminal. */
function diffDeclarations(before: IntegrationManifest, after: IntegrationManifest): string[] {
  const values = describeFields(before.values, after.values);
  const parameters = describeFields(before.authorizationParameters, after.authorizationParameters);
  return [
    ...(values === '' ? [] : [`values ${values}`]),
    ...(parameters === '' ? [] : [`authorizationParameters ${parameters}`]),
    ...diffLimit('concurrency', before.concurrency, after.concurrency),
    ...diffLimit('connectionConcurrency', before.connectionConcurrency, after.connectionConcurrency),
  ];
}

function diffLimit(name: string, before: number | undefined, after: number | undefined): string[] {
  return before === after ? [] : [`${name} ${before ?? 'any'} -> ${after ?? 'any'}`];
}

/** `+repo -gist` */
function describeLists(before: readonly string[], after: readonly string[]): string {
  const added = after.filter((item) => !before.includes(item)).map((item) => `+${item}`);
  const removed = before.filter((item) => !after.includes(item)).map((item) => `-${item}`);
  return [...added, ...removed].join(' ');
}

/** `+clientId ~region` */
function describeFields(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string {
  const changed = Object.keys(after).filter(
    (name) => Object.hasOwn(before, name) && !isDeepStrictEqual(before[name], after[name]),
  );
  const lists = describeLists(Object.keys(before), Object.keys(after));
  return [lists, ...changed.map((name) => `~${name}`)].filter(Boolean).join(' ');
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
