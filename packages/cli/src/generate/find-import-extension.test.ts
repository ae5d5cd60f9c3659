import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestProject } from '../testing/create-test-project.ts';
import { findImportExtension } from './find-import-extension.ts';

describe('findImportExtension', () => {
  it('takes .ts where tsconfig, or what it extends, allows it', async () => {
    const { root } = await createTestProject({
      'tsconfig.json': '{ "extends": "./base.json" } // with a comment',
      'base.json': '{ "compilerOptions": { "allowImportingTsExtensions": true, "noEmit": true } }',
    });
    expect(await findImportExtension(join(root, 'src/tenon'))).toBe('.ts');
  });

  it('takes .js otherwise', async () => {
    const { root } = await createTestProject({ 'tsconfig.json': '{}' });
    expect(await findImportExtension(join(root, 'src/tenon'))).toBe('.js');
    expect(await findImportExtension('/')).toBe('.js');
  });
});
