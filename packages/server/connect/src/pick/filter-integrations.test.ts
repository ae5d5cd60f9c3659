import { expect, it } from 'vitest';
import { categoriesOf, categoryTitle, filterIntegrations } from './filter-integrations.ts';

const entry = (displayName: string, ...categories: string[]) => ({
  name: displayName.toLowerCase(),
  displayName,
  categories,
});
const all = [entry('My Sales', 'crm'), entry('Café Pay', 'payments'), entry('Sales Desk', 'crm', 'support')];
const find = (query: string, category: string | null = null): string[] =>
  filterIntegrations(all, { query, category }).map(({ displayName }) => displayName);

it('finds by words of the name and the category, whatever their case and accents, the closest first', () => {
  expect(find('sales')).toEqual(['Sales Desk', 'My Sales']);
  expect(find('cafe')).toEqual(['Café Pay']);
  expect(find('SUPPORT desk')).toEqual(['Sales Desk']);
  expect(find('', 'crm')).toEqual(['My Sales', 'Sales Desk']);
  expect(find('nothing')).toEqual([]);
});

it('names each category once, for people', () => {
  expect(categoriesOf(all)).toEqual(['crm', 'payments', 'support']);
  expect(['crm', 'dev-tools'].map(categoryTitle)).toEqual(['CRM', 'Dev tools']);
});
