import type { ConnectField } from '@tenon/runtime/contract';
import { expect, it } from 'vitest';
import { checkField } from './check-field.ts';
import { initialValues, valuesOf } from './field-values.ts';

const field = (over: Partial<ConnectField>): ConnectField => ({
  name: 'f',
  group: 'credential',
  title: 'F',
  multiline: false,
  secret: false,
  optional: false,
  ...over,
});
const check = (over: Partial<ConnectField>, value: string) => checkField(field(over), value, (key) => key);

it('checks what the provider declares, the pattern against the whole value', () => {
  expect(check({}, '  ')).toBe('problemRequired');
  expect(check({ optional: true }, '')).toBeUndefined();
  expect(check({ options: [{ value: 'a', title: 'A' }] }, '')).toBe('problemChoose');
  expect(check({ options: [{ value: 'a', title: 'A' }] }, 'b')).toBe('problemChoose');
  expect(check({ pattern: 'a+' }, 'aab')).toBe('problemPattern');
  expect(check({ pattern: 'a+', example: 'aa' }, 'b')).toBe('problemPatternExample');
  expect(check({ pattern: 'a+|b' }, 'aa')).toBeUndefined();
});

it('leaves a pattern that the browser cannot read to the server', () => {
  expect(check({ pattern: '(' }, 'x')).toBeUndefined();
});

it('sends trimmed values by group, without empty ones, even where names repeat', () => {
  const fields = [field({}), field({ group: 'config', default: 'eu' }), field({ name: 'empty' })];
  const values = { ...initialValues(fields), 'credential.f': ' secret ' };
  expect(valuesOf('credential', fields, values)).toEqual({ f: 'secret' });
  expect(valuesOf('config', fields, values)).toEqual({ f: 'eu' });
});
