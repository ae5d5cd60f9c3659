import { expect, test } from 'vitest';
import { createPageExpectations, type PageExpectations } from './page-expectations.ts';

const allNew = { added: 2, updated: 0, unchanged: 0 };
const mixed = { added: 1, updated: 1, unchanged: 0 };
const same = { added: 0, updated: 0, unchanged: 2 };

function learn(expectations: PageExpectations, counts: typeof allNew, wasWrong = false): string | undefined {
  expectations.learn(1, counts, { wasWrong });
  return expectations.get(1);
}

test('expects what the last page was', () => {
  const expectations = createPageExpectations();
  expect(expectations.get(1)).toBeUndefined();
  expect(learn(expectations, allNew)).toBe('new');
  expect(learn(expectations, mixed)).toBeUndefined();
  expect(learn(expectations, same)).toBe('unchanged');
  expect(learn(expectations, allNew)).toBe('new');
});

test('after a wrong guess it takes more than one page to be sure again', () => {
  const expectations = createPageExpectations();
  learn(expectations, allNew);
  learn(expectations, mixed, true);
  const guesses = Array.from({ length: 11 }, () => learn(expectations, allNew));
  expect(guesses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => undefined));
  expect(guesses[10]).toBe('new');
});

test('forgets the dataset that was written the longest ago', () => {
  const expectations = createPageExpectations();
  for (let id = 1; id <= 10_001; id += 1) expectations.learn(id, allNew, { wasWrong: false });
  expect([expectations.get(1), expectations.get(2)]).toEqual([undefined, 'new']);
});
