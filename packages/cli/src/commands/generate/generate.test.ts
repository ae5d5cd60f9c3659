import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actionText, createTestProject, syncText } from '../../testing/create-test-project.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runGenerate } from './run-generate.ts';

const scripts = {
  'integrations/demo/syncs/issues.ts': syncText('Issue'),
  'integrations/demo/actions/create-issue.ts': actionText,
};

describe('tenon generate', () => {
  it('writes the SDK where the config says, with imports that every compiler and bundler takes', async () => {
    const { root } = await createTestProject(scripts);
    const test = createTestContext({ cwd: join(root, 'integrations') });
    await runGenerate(test, {});
    const text = await readFile(join(root, 'src/tenon/integrations/demo.ts'), 'utf8');
    expect(text).toContain('export interface Issue {\n  id: string;\n  updatedAt: string;\n}');
    expect(text).toContain('createIssue(input: CreateIssueInput = {}, options: CallOptions = {})');
    expect(text).toContain("from '../client/transport.js'");
    expect(test.stdout()).toContain('SDK written to');
  });

  it('names its files with .ts where the config asks for it', async () => {
    const config = "export default { integrations: { demo: {} }, sdk: { importExtension: 'ts' } };\n";
    const { root } = await createTestProject({ ...scripts, 'tenon.config.ts': config });
    await runGenerate(createTestContext({ cwd: root }), {});
    const text = await readFile(join(root, 'src/tenon/integrations/demo.ts'), 'utf8');
    expect(text).toContain("from '../client/transport.ts'");
    expect(text).not.toMatch(/from '[^']+\.js'/);
  });

  it('writes nothing the second time, and only what an edit changes', async () => {
    const { root, write } = await createTestProject(scripts);
    await runGenerate(createTestContext({ cwd: root }), {});
    const again = createTestContext({ cwd: root, isJson: true });
    await runGenerate(again, {});
    expect(JSON.parse(again.stdout())).toMatchObject({ written: [], removed: [] });
    await write({ 'integrations/demo/syncs/issues.ts': syncText('Ticket') });
    const third = createTestContext({ cwd: root, isJson: true });
    await runGenerate(third, {});
    expect(JSON.parse(third.stdout())).toMatchObject({ written: ['integrations/demo.ts'] });
  });

  it('checks without writing, and fails when the SDK is stale', async () => {
    const { root } = await createTestProject(scripts);
    const check = () => runGenerate(createTestContext({ cwd: root }), { check: true, out: 'sdk' });
    await expect(check()).rejects.toMatchObject({ code: 'sdk_stale', exitCode: 2 });
    await expect(readdir(join(root, 'sdk'))).rejects.toThrow('ENOENT');
    await runGenerate(createTestContext({ cwd: root }), { out: 'sdk' });
    await check();
    await writeFile(join(root, 'sdk/index.ts'), `${await readFile(join(root, 'sdk/index.ts'), 'utf8')}// edited\n`);
    await expect(check()).rejects.toMatchObject({ code: 'sdk_stale', details: { stale: ['index.ts'] } });
  });

  it('leaves the SDK alone when the project is broken', async () => {
    const { root, write } = await createTestProject(scripts);
    await runGenerate(createTestContext({ cwd: root }), {});
    const before = await readFile(join(root, 'src/tenon/integrations/demo.ts'), 'utf8');
    await write({ 'integrations/demo/syncs/issues.ts': 'export const nothing = 1;\n' });
    await expect(runGenerate(createTestContext({ cwd: root }), {})).rejects.toMatchObject({
      code: 'definition_missing_export',
    });
    expect(await readFile(join(root, 'src/tenon/integrations/demo.ts'), 'utf8')).toBe(before);
  });
});
