import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { readSettingsSchema } from './read-settings-schema.ts';
import { initialSettings, readSettings, type SettingsValues } from './settings-values.ts';

const nodes = readSettingsSchema(
  z.toJSONSchema(
    z.object({
      repos: z.array(z.string()).min(1).max(2),
      name: z
        .string()
        .min(2)
        .max(4)
        .regex(/^[a-z]+$/),
      count: z.int().min(1).max(5).default(3),
      share: z.number().optional(),
      closed: z.boolean(),
      level: z.enum(['low', 'high']),
      kinds: z.array(z.enum(['bug', 'task'])).default(['bug']),
      filter: z.object({ updatedAfter: z.iso.date().optional(), rules: z.record(z.string(), z.string()).optional() }),
      either: z.union([z.string(), z.number()]).optional(),
    }),
    { io: 'input' },
  ),
);
const text = (key: string): string => key;
const read = (values: SettingsValues) => readSettings(nodes, { ...initialSettings(nodes), ...values }, text);
const good: SettingsValues = {
  'settings.repos': ['a', ' ', 'b '],
  'settings.name': 'abc',
  'settings.level': 'high',
};

describe('the settings form', () => {
  it('has an input of its own for each kind of setting, and JSON for the rest', () => {
    const kinds = nodes.flatMap((node) => (node.kind === 'group' ? node.children : [node]));
    expect(kinds.map((node) => [node.path.join('.'), node.title, node.kind])).toEqual([
      ['repos', 'Repos', 'list'],
      ['name', 'Name', 'text'],
      ['count', 'Count', 'number'],
      ['share', 'Share', 'number'],
      ['closed', 'Closed', 'boolean'],
      ['level', 'Level', 'choice'],
      ['kinds', 'Kinds', 'choices'],
      ['filter.updatedAfter', 'Updated after', 'text'],
      ['filter.rules', 'Rules', 'json'],
      ['either', 'Either', 'json'],
    ]);
    expect(readSettingsSchema(null)).toEqual([]);
  });

  it('gives what was entered the types of the schema, and leaves out what was not', () => {
    expect(read(good)).toEqual({
      settings: { repos: ['a', 'b'], name: 'abc', count: 3, closed: false, level: 'high', kinds: ['bug'], filter: {} },
      problems: {},
    });
    const values = { ...good, 'settings.share': '1,5', 'settings.filter.rules': '{"a":"b"}', 'settings.either': '4' };
    expect(read(values).settings).toMatchObject({ share: 1.5, filter: { rules: { a: 'b' } }, either: 4 });
  });

  it.each<[string, SettingsValues[string], string]>([
    ['settings.repos', [], 'problemTooFew'],
    ['settings.repos', ['a', 'b', 'c'], 'problemTooMany'],
    ['settings.name', '', 'problemRequired'],
    ['settings.name', 'a', 'problemTooShort'],
    ['settings.name', 'abcde', 'problemTooLong'],
    ['settings.name', 'A-Z', 'problemPattern'],
    ['settings.count', '1.5', 'problemInteger'],
    ['settings.count', '0', 'problemMinimum'],
    ['settings.count', '6', 'problemMaximum'],
    ['settings.share', 'much', 'problemNumber'],
    ['settings.level', '', 'problemChoose'],
    ['settings.filter.rules', '{', 'problemJson'],
  ])('says of %s = %j: %s', (key, value, problem) => {
    expect(read({ ...good, [key]: value }).problems).toEqual({ [key]: problem });
  });
});
