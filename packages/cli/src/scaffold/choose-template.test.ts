import { expect, test } from 'vitest';
import type { ListedProvider } from '../project/list-providers.ts';
import { findProviders } from './choose-template.ts';

const provider = (name: string, more: Partial<ListedProvider> = {}): ListedProvider => ({
  name,
  displayName: name,
  categories: ['other'],
  authMode: 'api_key',
  functions: [],
  ...more,
});

const providers = [
  provider('asana', { authMode: 'oauth2', categories: ['project-management'] }),
  provider('github', {
    displayName: 'GitHub',
    authMode: 'oauth2',
    categories: ['dev-tools'],
    functions: ['issues'],
  }),
  provider('sandbox', { functions: ['issues', 'contacts'] }),
];
const find = (words: string) => findProviders(providers, { words, preferred: 'sandbox' }).map(({ name }) => name);

test('nothing typed offers all, the preferred one first, then those with scripts', () => {
  expect(find('')).toEqual(['sandbox', 'github', 'asana']);
});

test('words are looked for in name, category, auth mode and functions', () => {
  expect(find('oauth2')).toEqual(['github', 'asana']);
  expect(find('dev oauth')).toEqual(['github']);
  expect(find('contacts')).toEqual(['sandbox']);
  expect(find('nothing like it')).toEqual([]);
});
