import { readFileSync } from 'node:fs';
import { lintRuleNames } from '@tenon/runtime/contract';
import { expect, test } from 'vitest';
import { createTestProject } from '../testing/create-test-project.ts';
import { lintFiles } from './lint-files.ts';
import type { LintInputFile } from './lint-input.ts';
import { ruleList } from './rule-list.ts';

const page = readFileSync(new URL('../../../../docs/lints.md', import.meta.url), 'utf8');

const preamble =
  "import { defineAction, defineSync, z } from '@tenon/runtime';\nconst Issue = z.object({ id: z.string() });\nvoid [defineAction, defineSync, Issue];\n";

function readExample(rule: string, kind: 'bad' | 'good'): string {
  const section = page.split(`\n### ${rule}\n`)[1]?.split('\n### ')[0] ?? '';
  const [, example] = new RegExp(`\`\`\`ts ${kind}\\n([\\s\\S]*?)\`\`\``).exec(section) ?? [];
  if (example === undefined) throw new Error(`docs/lints.md has no ${kind} example of ${rule}.`);
  return `${preamble}${example}`;
}

test('the page has the default severity of every rule, and a section', () => {
  for (const rule of lintRuleNames) {
    const severity = ruleList.find(({ name }) => name === rule)?.severity ?? 'warning';
    expect(page).toMatch(new RegExp(`\\[\`${rule}\`\\]\\(#${rule}\\) +\\| ${severity} +\\|`));
    expect(page).toContain(`\n### ${rule}\n`);
  }
});

test('each bad example shows its rule and no other, and each good one shows none', async () => {
  const examples = lintRuleNames.flatMap((rule) =>
    (['bad', 'good'] as const).map((kind) => ({ rule, kind, path: `integrations/demo/syncs/${rule}-${kind}.ts` })),
  );
  const { root } = await createTestProject(
    Object.fromEntries(examples.map(({ rule, kind, path }) => [path, readExample(rule, kind)])),
  );
  const files = examples.map(({ path }): LintInputFile => ({ path, role: 'sync' }));
  const { findings } = await lintFiles({ root, rules: {}, files });
  for (const { rule, kind, path } of examples) {
    const found = findings.filter(({ file }) => file === path).map((finding) => finding.rule);
    expect([...new Set(found)], path).toEqual(kind === 'bad' ? [rule] : []);
  }
});
