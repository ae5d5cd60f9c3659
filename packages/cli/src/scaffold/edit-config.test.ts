import { expect, test } from 'vitest';
import { addIntegrationToConfig } from './edit-config.ts';

const wrap = (integrations: string) =>
  `import { defineConfig } from '@tenon/runtime';\n\nexport default defineConfig({\n  integrations: ${integrations},\n});\n`;

const stripe = { name: 'stripe', provider: 'stripe' };

test.each([
  ['{}', "{ stripe: { provider: 'stripe' } }"],
  ['{ github: {} }', "{ github: {}, stripe: { provider: 'stripe' } }"],
  ['{\n    github: {}, // ours\n  }', "{\n    github: {},\n    stripe: { provider: 'stripe' }, // ours\n  }"],
  ['{\n    github: {}\n  }', "{\n    github: {},\n    stripe: { provider: 'stripe' }\n  }"],
])('the integration is added to %j in its layout', async (before, after) => {
  expect(await addIntegrationToConfig(wrap(before), stripe)).toBe(wrap(after));
});

test('a name that is no identifier is quoted', async () => {
  const edited = await addIntegrationToConfig(wrap('{}'), { name: 'sandbox-oauth', provider: 'sandbox-oauth' });
  expect(edited).toBe(wrap("{ 'sandbox-oauth': { provider: 'sandbox-oauth' } }"));
});

test.each([
  'export default { integrations: {} };',
  'const config = { integrations: {} };\nexport default defineConfig(config);',
  'export default defineConfig({ integrations: all });',
  'export default defineConfig({});',
])('a config of another shape is left alone: %s', async (text) => {
  expect(await addIntegrationToConfig(text, stripe)).toBeUndefined();
});
