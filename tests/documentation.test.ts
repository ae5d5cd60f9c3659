import { authModeSchema, loadProvider } from '@tenon/runtime/provider';
import { readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectFolder } from './harness/create-project.ts';
import { expectCliHere } from './harness/run-cli.ts';

const repository = path.resolve(import.meta.dirname, '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...(await readdir(path.join(repository, 'docs'), { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The samples of a page that begin with a comment that names their file. */
async function readSamples(page: string): Promise<Map<string, string>> {
  const text = await readFile(path.join(repository, page), 'utf8');
  const samples = text.matchAll(/^```(?:ts|yaml)\n(?:\/\/|#) (\S+\.(?:ts|yaml))\n([\s\S]*?)^```$/gm);
  return new Map([...samples].map(([, file = '', sample = '']) => [file, sample]));
}

/** What the samples import, and a reader is left to imagine. */
const models = `import { z } from '@tenon/runtime';
export const Issue = z.object({ id: z.number(), title: z.string(), updatedAt: z.string() });
export const User = z.object({ id: z.string(), name: z.string() });
export interface RawIssue { id: number; title: string; updated_at: string }
export const toIssue = ({ id, title, updated_at }: RawIssue) => ({ id, title, updatedAt: updated_at });
`;

const provider = (name: string) => `name: ${name}
displayName: ${name}
docs: https://example.com/
sources: [https://example.com/]
auth: { mode: none }
baseUrl: https://example.com
pagination: { style: link }
`;

const tsconfig = {
  compilerOptions: { target: 'es2023', module: 'preserve', strict: true, noEmit: true, skipLibCheck: true, types: [] },
  include: ['tenon.config.ts', 'integrations'],
};

describe('the documentation', () => {
  it.each([
    ['README.md', 'github'],
    ['docs/scripts.md', 'tracker'],
    ['docs/providers.md', 'helpdesk'],
  ])('has samples in %s that pass `tenon check`', async (page, integration) => {
    const samples = await readSamples(page);
    for (const file of samples.keys()) if (file.endsWith('.hooks.ts')) samples.delete(file);
    expect(samples.size).toBeGreaterThan(0);
    const project = await createProjectFolder();
    try {
      const files = new Map([
        ['package.json', '{ "name": "project", "private": true, "type": "module" }'],
        ['tsconfig.json', JSON.stringify(tsconfig)],
        ['tenon.config.ts', `export default { integrations: { ${integration}: {} } };\n`],
        [`providers/${integration}.yaml`, provider(integration)],
        [`integrations/${integration}/models.ts`, models],
        ...samples,
      ]);
      for (const [file, text] of files) await project.write(file, text);
      const checked = await expectCliHere(['check', '--json'], { cwd: project.root });
      expect(JSON.parse(checked)).toMatchObject({ ok: true });
      const scripts = [...samples.keys()].filter((file) => /\/(syncs|actions)\//.test(file));
      for (const script of scripts) expect(checked).toContain(script);
    } finally {
      await project.remove();
    }
  });

  it.each(['docs/connections.md', 'docs/connect.md', 'docs/webhooks.md'])(
    'has samples in %s that pass `tenon check`, beside the SDK that they use',
    async (page) => {
      const samples = await readSamples(page);
      expect(samples.size).toBeGreaterThan(0);
      const project = await createProjectFolder();
      try {
        await project.write('package.json', '{ "name": "project", "private": true, "type": "module" }');
        const include = [...tsconfig.include, 'src', 'app'];
        await project.write('tsconfig.json', JSON.stringify({ ...tsconfig, include }));
        await project.write('tenon.config.ts', 'export default { integrations: { github: {} } };\n');
        for (const [file, text] of samples) await project.write(file, text);
        await expectCliHere(['generate'], { cwd: project.root });
        const checked = await expectCliHere(['check', '--json'], { cwd: project.root });
        expect(JSON.parse(checked)).toMatchObject({ ok: true });
      } finally {
        await project.remove();
      }
    },
  );

  it('has hooks that pass `tenon check` beside a provider of theirs', async () => {
    const hooks = [...(await readSamples('docs/providers.md'))].filter(([file]) => file.endsWith('.hooks.ts'));
    expect(hooks).toHaveLength(1);
    const project = await createProjectFolder();
    try {
      const node = { types: ['node'], typeRoots: [path.join(repository, 'node_modules/@types')] };
      const compilerOptions = { ...tsconfig.compilerOptions, ...node };
      const auth = '{ mode: oauth2, authorizationUrl: https://example.com/a, tokenUrl: https://example.com/t }';
      await project.write('package.json', '{ "name": "project", "private": true, "type": "module" }');
      await project.write(
        'tsconfig.json',
        JSON.stringify({ compilerOptions, include: ['tenon.config.ts', 'providers'] }),
      );
      await project.write('tenon.config.ts', 'export default { integrations: { photos: {} } };\n');
      await project.write('providers/photos.yaml', provider('photos').replace('{ mode: none }', auth));
      for (const [file, text] of hooks) await project.write(file, text);
      const checked = await expectCliHere(['check', '--json'], { cwd: project.root });
      expect(JSON.parse(checked)).toMatchObject({ ok: true });
    } finally {
      await project.remove();
    }
  });

  it('has a provider that says what the page says of it', async () => {
    const text = (await readSamples('docs/providers.md')).get('providers/helpdesk.yaml') ?? '';
    expect(loadProvider(text, 'docs/providers.md')).toMatchObject({ name: 'helpdesk', auth: { mode: 'basic' } });
  });

  it('has an example of each auth mode that can be loaded, and each example of a part of provider.yaml', async () => {
    const fragments = await readFragments('docs/providers.md');
    const loaded = fragments.map((text) => loadProvider(text, 'docs/providers.md').auth.mode);
    expect(new Set(loaded)).toEqual(new Set(authModeSchema.options));
  });

  it.each(pages)('names commands and flags that there are in %s', async (page) => {
    const help = await readHelp();
    const wrong = (await readCommands(page)).filter((line) => !isUnderstood(line, help));
    expect(wrong).toEqual([]);
  });

  it.each(pages)('has no link that leads nowhere in %s', async (page) => {
    const text = await readFile(path.join(repository, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s#]*)(#[^)\s]+)?\)/g)];
    const broken: string[] = [];
    for (const [, file = '', anchor] of links) {
      const target = file === '' ? path.join(repository, page) : path.resolve(repository, path.dirname(page), file);
      if (!existsSync(target)) broken.push(file);
      else if (anchor !== undefined && !(await readAnchors(target)).has(anchor)) broken.push(`${file}${anchor}`);
    }
    expect(broken).toEqual([]);
  });
});

/** The samples that begin with `auth:`, each made a whole provider. */
async function readFragments(page: string): Promise<string[]> {
  const text = await readFile(path.join(repository, page), 'utf8');
  const fragments = [...text.matchAll(/^```yaml\n(auth:\n[\s\S]*?)^```$/gm)].map(([, fragment = '']) => fragment);
  const frame = provider('example').replace(/^(auth|pagination):.*\n/gm, '');
  return fragments.map((fragment) =>
    /^baseUrl:/m.test(fragment) ? frame.replace(/^baseUrl:.*\n/m, '') + fragment : frame + fragment,
  );
}

/** The flags of each command, by its name, as docs/cli.md has them. */
async function readHelp(): Promise<Map<string, string>> {
  const text = await readFile(path.join(repository, 'docs/cli.md'), 'utf8');
  const [introduction = '', ...sections] = text.split(/^## (?=tenon )/m);
  return new Map([['tenon', introduction], ...sections.map((one) => [one.split('\n', 1)[0] ?? '', one] as const)]);
}

/** Lines of code, and code in sentences, that call the command line. */
async function readCommands(page: string): Promise<string[]> {
  if (page === 'docs/cli.md') return [];
  const text = await readFile(path.join(repository, page), 'utf8');
  const code = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
  const blocks = code.flatMap(([, language, block = '']) =>
    language === '' || language === 'sh' ? block.split('\n') : [],
  );
  const sentences = [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`((?:npx )?tenon [^`]+)`/g)];
  const lines = [...blocks, ...sentences.map(([, call = '']) => call)];
  return lines
    .flatMap((line) => line.split(/ \|\|? | && /))
    .filter((line) => /^(\$ )?(npx )?tenon [a-z]/.test(line) && !line.startsWith('tenon dev  '));
}

function isUnderstood(line: string, help: ReadonlyMap<string, string>): boolean {
  const words = line
    .replace(/^(\$ )?(npx )?/, '')
    .replace(/(^|\s)#.*$/, '')
    .replaceAll(/'[^']*'|"[^"]*"/g, 'text')
    .split(/\s+/);
  const name = [3, 2].map((count) => words.slice(0, count).join(' ')).find((words) => help.has(words));
  const section = name === undefined ? undefined : help.get(name);
  if (section === undefined) return false;
  const flags = words.filter((word) => word.startsWith('-') && word !== '-' && word !== '--');
  return flags.every((flag) => new RegExp(`(^|[\\s,])${flag.split('=')[0]}(?![\\w-])`, 'm').test(section));
}

async function readAnchors(file: string): Promise<Set<string>> {
  const headings = (await readFile(file, 'utf8')).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) => {
      const words = heading.toLowerCase().replaceAll(/[^\w\s-]/g, '');
      return `#${words.trim().replaceAll(/\s/g, '-')}`;
    }),
  );
}
