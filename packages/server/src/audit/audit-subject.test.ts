import { expect, it } from 'vitest';
import { auditSubject } from './audit-subject.ts';

it.each([
  ['connection.update', { integration: 'crm', connection: 'u/1' }, undefined, 'connection:crm/u/1'],
  ['sync.trigger', { integration: 'crm', connection: 'u1', sync: 'issues' }, {}, 'sync:crm/u1/issues'],
  ['connection.create', {}, { integration: 'crm', id: 'u1', config: {} }, 'connection:crm/u1'],
  ['deployment.create', undefined, { version: 3 }, 'deployment:3'],
  ['key.create', {}, { id: 7, name: 'ci' }, 'key:7'],
  ['encryption.rotate', {}, { keyId: 'ab' }, null],
  ['key.revoke', { id: '7' }, undefined, 'key:7'],
  ['x.y', {}, 'text', null],
])('names what %s was done to', (action, params, answer, subject) => {
  expect(auditSubject(action, { params, answer })).toBe(subject);
});
