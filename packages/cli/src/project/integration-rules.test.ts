import { expect, test } from 'vitest';
import { createTestProject, demoProvider } from '../testing/create-test-project.ts';
import { loadProject } from './load-project.ts';

const oauth = demoProvider.replace(
  'auth: { mode: none }',
  `auth: { mode: oauth2, authorizationUrl: 'https://example.com/authorize', tokenUrl: 'https://example.com/token' }
integration:
  region: { title: Region, options: [{ value: eu, title: Europe }, { value: us, title: America }] }
  tenant: { title: Tenant, pattern: '[a-z]+', example: acme, optional: true }`,
);

async function problemsOf(provider: string, integration: string[]): Promise<unknown> {
  const config = [
    "import { defineConfig, variable } from '@tenon/runtime';",
    'export default defineConfig({',
    '  integrations: {',
    '    demo: {',
    ...integration.map((line) => `      ${line}`),
    '    },',
    '  },',
    '});',
    '',
  ].join('\n');
  const { root } = await createTestProject({ 'tenon.config.ts': config, 'providers/demo.yaml': provider });
  const error: unknown = await loadProject(root).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error === undefined ? [] : (error as { details: { problems: unknown } }).details.problems;
}

test('what a provider asks of the developer can be said, secrets by their variable', async () => {
  const integration = [
    "values: { clientId: 'id', clientSecret: variable('SECRET'), region: 'eu', tenant: 'acme' },",
    "scopes: ['a'],",
    "authorizationParameters: { prompt: 'consent' },",
  ];
  expect(await problemsOf(oauth, integration)).toEqual([]);
});

test.each<[string, string[], number, object]>([
  [
    'a field that the provider does not have',
    ['values: {', "  clientID: 'id',", '},'],
    6,
    { message: 'The provider "demo" has no value "clientID".', hint: 'It has clientId, clientSecret, region, tenant.' },
  ],
  [
    'a secret in the code',
    ['values: {', "  clientSecret: 's3cret',", '},'],
    6,
    { hint: expect.stringContaining("clientSecret: variable('DEMO_CLIENT_SECRET')") as string },
  ],
  ['a value that is no option', ["values: { region: 'mars' },"], 5, { message: expect.stringContaining('eu, us') }],
  ['a value of another form', ["values: { tenant: 'A1' },"], 5, { hint: 'Such as acme.' }],
])('%s is config_invalid with its line', async (_, integration, line, problem) => {
  const problems = await problemsOf(oauth, integration);
  expect(problems).toEqual([expect.objectContaining({ code: 'config_invalid', file: 'tenon.config.ts', line })]);
  expect(problems).toMatchObject([problem]);
  expect(JSON.stringify(problems)).not.toContain('s3cret');
});

test('scopes and authorization parameters are refused where the auth mode has none', async () => {
  const problems = await problemsOf(demoProvider, ["scopes: ['a'],", "authorizationParameters: { a: 'b' },"]);
  expect(problems).toMatchObject([
    { line: 5, message: expect.stringContaining('has no scopes') },
    { line: 6, message: expect.stringContaining('sends no browser') },
  ]);
});
