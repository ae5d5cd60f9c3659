import type { FunctionRef } from './recording-place.ts';

export interface TestFileOptions {
  readonly kind: 'sync' | 'action';
  /** The script, from the project's root, with forward slashes. */
  readonly source: string;
  /** Which test runner the project has; node:test comes with Node. */
  readonly runner: 'vitest' | 'node';
  /** Whether imports name `.ts` files (`allowImportingTsExtensions`), else `.js`. */
  readonly importsTs: boolean;
  /** The provider's hooks, where the project has its own, from the root. */
  readonly hooks?: string | undefined;
}

/** The test that is written beside the first recording of a function; its user's own from then on. */
export function createTestFileText(ref: FunctionRef, options: TestFileOptions): string {
  const { kind, source, runner, importsTs, hooks } = options;
  const toImport = (path: string): string => `../../${importsTs ? path : path.replace(/\.ts$/, '.js')}`;
  const imports =
    runner === 'vitest'
      ? [`import { expect, test } from 'vitest';`]
      : [`import assert from 'node:assert/strict';`, `import { test } from 'node:test';`];
  const equal = (name: string): string =>
    runner === 'vitest'
      ? `expect(outcome${name}).toEqual(expected${name});`
      : `assert.deepEqual(outcome${name}, expected${name});`;
  const fields = kind === 'sync' ? ['.records', '.deleted', '.cursor', '.checkpoint', ''] : ['.output', '.error', ''];
  return [
    '// Written once by `tenon record`, yours from then on: assert here what matters to you.',
    `// Every recording in ./${ref.name}/ is replayed, offline and with its clock; \`tenon test\` does the same.`,
    ...imports,
    `import { listRecordings, replayRecording } from '@tenon/runtime/testing';`,
    `import script from '${toImport(source)}';`,
    ...(hooks === undefined ? [] : [`import hooks from '${toImport(hooks)}';`]),
    '',
    `for (const { name, file } of listRecordings(import.meta.url, './${ref.name}')) {`,
    `  test(\`${ref.integration}/${ref.name}: \${name}\`, async () => {`,
    `    const { outcome, expected } = await replayRecording(script, file${hooks === undefined ? '' : ', { hooks }'});`,
    ...fields.map((field) => `    ${equal(field)}`),
    '  });',
    '}',
    '',
  ].join('\n');
}
