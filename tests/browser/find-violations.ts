import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What axe finds wrong with the page as it is now: every rule that it has, best practices included. */
export async function findViolations(page: Page): Promise<string[]> {
  const source = await readFile(axePath, 'utf8');
  // Evaluated through the debugger, which the page's content security policy does not concern.
  await page.evaluate(source);
  const { violations } = await page.evaluate(
    async () => (await (globalThis as unknown as { axe: { run(): Promise<unknown> } }).axe.run()) as AxeResult,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
  );
}
