import { buildSync } from 'esbuild';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createStackMapper, splitBundle } from './map-stack.ts';

const source = `interface Item { id: string }

export async function load(item: Item): Promise<never> {
  await Promise.resolve();
  throw new Error('no ' + item.id);
}
`;

function bundle(): string {
  const result = buildSync({
    stdin: { contents: source, loader: 'ts', sourcefile: '../../integrations/sandbox/syncs/items.ts' },
    bundle: true,
    write: false,
    format: 'cjs',
    sourcemap: 'inline',
  });
  return result.outputFiles[0]?.text ?? '';
}

async function throwIn(code: string): Promise<string> {
  const module = { exports: {} as { load(item: object): Promise<never> } };
  const script = new vm.Script(`(function (module) {\n${code}\n})`, { filename: 'bundle-1.js', lineOffset: -1 });
  Reflect.apply(script.runInThisContext() as (value: typeof module) => void, undefined, [module]);
  const error = await module.exports.load({ id: 'x' }).catch((thrown: unknown) => thrown);
  return error instanceof Error ? (error.stack ?? '') : '';
}

describe('createStackMapper', () => {
  it("keeps the script's own frames, mapped to its source", async () => {
    const { code, map } = splitBundle(bundle());
    expect(code).not.toContain('sourceMappingURL');
    const mapped = createStackMapper('bundle-1.js', map)(await throwIn(code));
    expect(mapped?.split('\n')[0]).toMatch(/^ {4}at Object\.load \(integrations\/sandbox\/syncs\/items\.ts:5:9\)$/);
    expect(mapped).not.toContain('map-stack.test.ts');
  });

  it.each([
    ['no map', undefined],
    ['a broken map', 'bm90IGpzb24='],
  ])("shows the bundle's own lines with %s", async (_name, map) => {
    const { code } = splitBundle(bundle());
    expect(createStackMapper('bundle-1.js', map)(await throwIn(code))).toMatch(/at Object\.load \(bundle:\d+:\d+\)/);
  });

  it('gives nothing for a stack that never touched the script, nor for a message that looks like one', () => {
    const mapStack = createStackMapper('bundle-1.js', undefined);
    expect(mapStack('Error: bundle-1.js:1:1\n    at node:internal/timers:594:17')).toBeUndefined();
  });
});
