import { expect, it } from 'vitest';
import type { ApiScope } from '@tenon/runtime/contract';
import { grantableScopes } from './grantable-scopes.ts';

it.each<{ what: string; own: ApiScope[]; requested: ApiScope[]; granted: ApiScope[] }>([
  { what: 'all, by an admin', own: ['admin'], requested: ['records:read'], granted: ['records:read'] },
  { what: 'admin, by an admin', own: ['admin'], requested: ['admin'], granted: ['admin'] },
  { what: 'what the approver has', own: ['keys:write'], requested: ['admin'], granted: ['keys:write'] },
  {
    what: 'what both have',
    own: ['keys:write', 'records:read'],
    requested: ['records:read', 'audit:read'],
    granted: ['records:read'],
  },
  { what: 'nothing', own: ['keys:write'], requested: ['records:read'], granted: [] },
])('gives $what', ({ own, requested, granted }) => {
  expect(grantableScopes(own, requested)).toEqual(granted);
});
