import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatCodeFrame } from '../output/format-code-frame.ts';
import type { Output } from '../output/output.ts';
import { hideSecrets } from './hide-secrets.ts';
import type { LintReport } from './lint-finding.ts';

/** More than these scroll away what matters; --json has all of them. */
const mostShown = 50;

export interface PrintLintsOptions {
  readonly root: string;
  readonly output: Output;
  readonly mostShown?: number;
}

/** Prints findings, each with its lines, in which secrets are covered. */
export async function printLints(
  { findings, secrets }: Pick<LintReport, 'findings' | 'secrets'>,
  { root, output, mostShown: most = mostShown }: PrintLintsOptions,
): Promise<void> {
  const { colors } = output;
  for (const { file, line, column, severity, rule, message, hint, docs } of findings.slice(0, most)) {
    const mark = severity === 'error' ? colors.red(rule) : colors.yellow(rule);
    output.line(`${colors.cyan(`${file}:${line}:${column}`)}  ${mark} ${severity}: ${message}`);
    const text = await readText(resolve(root, file));
    const frame = formatCodeFrame(hideSecrets(text, { file, secrets }), { line, column, colors });
    for (const frameLine of frame) output.line(`  ${frameLine}`);
    output.line(`  ${colors.dim(`${hint} (${docs})`)}`);
    output.line();
  }
  if (findings.length > most) output.line(`and ${findings.length - most} more`);
}

/** It may be gone by now; the finding is worth telling all the same. */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
