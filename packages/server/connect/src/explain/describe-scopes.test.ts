import { expect, it } from 'vitest';
import { describeScopes } from './describe-scopes.ts';

it('groups the scopes of different vendors by what they allow', () => {
  const scopes = [
    'openid',
    'email',
    'https://www.googleapis.com/auth/calendar.readonly',
    'crm.objects.contacts.read',
    'channels:history',
    'Mail.ReadWrite',
    'chat:write',
    'admin:org',
    'repo',
    'files.delete',
    'offline_access',
  ];
  expect(describeScopes(scopes)).toEqual([
    { kind: 'identity', subjects: [] },
    { kind: 'read', subjects: ['calendar', 'crm objects contacts', 'channels'] },
    { kind: 'write', subjects: ['mail', 'chat'] },
    { kind: 'delete', subjects: ['files'] },
    { kind: 'manage', subjects: ['org'] },
    { kind: 'other', subjects: ['repo'] },
    { kind: 'offline', subjects: [] },
  ]);
});

it('never leaves a scope without words', () => {
  expect(describeScopes(['read', 'https://api.example.com/'])).toEqual([
    { kind: 'read', subjects: ['read'] },
    { kind: 'other', subjects: ['api example com'] },
  ]);
  expect(describeScopes([])).toEqual([]);
});
