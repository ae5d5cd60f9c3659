import { describe, expect, it } from 'vitest';
import { lowerFirstWord, toCamelCase, toPascalCase } from './identifier-case.ts';

describe('identifier case', () => {
  it.each([
    ['create-issue', 'createIssue'],
    ['a-1-b', 'a1B'],
    ['plain', 'plain'],
  ])('writes %s in camel case', (from, to) => expect(toCamelCase(from)).toBe(to));

  it.each([
    ['help-desk', 'HelpDesk'],
    ['reactions-count', 'ReactionsCount'],
    ['createdAt', 'CreatedAt'],
    ['$weird key!', 'WeirdKey'],
  ])('writes %s in Pascal case', (from, to) => expect(toPascalCase(from)).toBe(to));

  it.each([
    ['Issue', 'issue'],
    ['URLItem', 'urlItem'],
    ['API', 'api'],
    ['APIKey', 'apiKey'],
    ['A', 'a'],
    ['S3Object', 's3Object'],
  ])('lowers the first word of %s', (from, to) => expect(lowerFirstWord(from)).toBe(to));
});
