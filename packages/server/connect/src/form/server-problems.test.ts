import { expect, it } from 'vitest';
import { ConnectFailure } from '../api/connect-failure.ts';
import { placeProblems } from './server-problems.ts';

const keys = ['credential.apiKey', 'credential.username', 'config.region', 'settings.repos', 'settings.filter.label'];
const place = (problems: unknown) =>
  placeProblems(new ConnectFailure({ code: 'x', message: 'm', details: { problems } }), keys, (p) => p.expected ?? '?');

it.each([
  ['values.apiKey', 'credential.apiKey'],
  ['body.values.apiKey', 'credential.apiKey'],
  ['username', 'credential.username'],
  ['config.region', 'config.region'],
  ['settings.repos.0', 'settings.repos'],
  ['body.settings.filter.label', 'settings.filter.label'],
])('finds the field of %s', (path, key) => {
  expect(place([{ path, message: 'wrong' }])).toEqual({ byField: { [key]: 'wrong' }, areComplete: true });
});

it('says when a problem has no field here, so that the failure is shown as well', () => {
  const problems = [{ path: 'values.apiKey', expected: 'a key' }, { path: 'elsewhere' }, 'nonsense', null];
  expect(place(problems)).toEqual({ byField: { 'credential.apiKey': 'a key' }, areComplete: false });
  expect(place(undefined).areComplete).toBe(false);
});
