import { createHash } from 'node:crypto';
import type { Manifest } from '@tenon/runtime/contract';
import type { LimitScope, Provider } from '@tenon/runtime/provider';
import { sourceOf } from '../../integrations/integration-values.ts';

/** A limit that a provider declares, and that calls wait for. */
export interface WindowBudget {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** What the calls of one connection count against. */
export interface ConnectionBudgets {
  /** The longest window first: a call of a short one must not grow old while it waits for a long one. */
  readonly windows: readonly WindowBudget[];
  /** Of the limit that the provider's answers tell of. */
  readonly toldKey: string;
}

export interface BudgetOwner {
  readonly environmentId: number;
  readonly connectionId: number;
  readonly integration: string;
  readonly manifest: Manifest;
  readonly provider: Provider;
}

/** Integrations with the same client id, or that take it from the same variable, are the same app to the provider. */
function nameApp({ environmentId, integration, manifest, provider }: BudgetOwner): string {
  const declared = manifest.integrations.find(({ name }) => name === integration);
  const client = declared ? sourceOf(declared, 'clientId') : integration;
  const hash = createHash('sha256').update(JSON.stringify(client)).digest('hex').slice(0, 24);
  return `app:${environmentId}:${provider.name}:${hash}`;
}

function nameScope(scope: LimitScope, owner: BudgetOwner): string {
  switch (scope) {
    case 'connection':
      return `connection:${owner.connectionId}`;
    case 'integration':
      return `integration:${owner.environmentId}:${owner.integration}`;
    case 'app':
      return nameApp(owner);
  }
}

/** The budgets that a connection shares with others, by key. */
export function listBudgets(owner: BudgetOwner): ConnectionBudgets {
  const { rateLimits, retry } = owner.provider;
  const windows = rateLimits
    .filter(({ enforced }) => enforced)
    .map(({ requests, perSeconds, scope }) => ({
      key: `${nameScope(scope, owner)}:${requests}/${perSeconds}`,
      limit: requests,
      windowMs: perSeconds * 1_000,
    }));
  return {
    windows: windows.sort((one, other) => other.windowMs - one.windowMs),
    toldKey: `${nameScope(retry.limitScope, owner)}:told`,
  };
}
