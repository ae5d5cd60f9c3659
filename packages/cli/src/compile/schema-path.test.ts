import { expect, test } from 'vitest';
import { z } from 'zod';
import { openSchema } from './open-schema.ts';
import { hasPath } from './schema-path.ts';

const Comment = z.object({
  text: z.string(),
  get replies() {
    return z.array(Comment).optional();
  },
});
const schema = z.toJSONSchema(
  z.object({
    id: z.string(),
    stats: z.object({ views: z.number() }).nullable(),
    comments: z.array(Comment),
    counts: z.record(z.string(), z.object({ total: z.number() })),
  }),
) as Record<string, unknown>;

test.each([
  ['id', true],
  ['stats.views', true],
  ['stats.likes', false],
  ['comments.text', true],
  ['comments.replies.replies.text', true],
  ['comments.replies.likes', false],
  ['counts.today.total', true],
  ['constructor', false],
])('a model has the path %s: %s', (path, has) => {
  expect(hasPath(schema, path.split('.'))).toBe(has);
});

test('an open schema is open at every depth', () => {
  const opened = JSON.stringify(openSchema(schema));
  expect(opened).not.toContain('"additionalProperties":false');
  expect(opened.match(/"additionalProperties":true/g)?.length).toBe(
    JSON.stringify(schema).match(/"additionalProperties":false/g)?.length,
  );
});
