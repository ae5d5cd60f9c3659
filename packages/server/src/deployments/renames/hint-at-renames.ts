import { isDeepStrictEqual } from 'node:util';
import type { FunctionManifest, Manifest } from '@tenon/runtime/contract';

/** Says where a removal and an addition look like one thing with another name. Both are names of the later version. */
export function hintAtRenames(before: Manifest, after: Manifest): string[] {
  const gone = before.functions.filter((one) => !after.functions.some((other) => isSame(one, other)));
  const come = after.functions.filter((one) => !before.functions.some((other) => isSame(one, other)));
  const functions = gone.flatMap((old) => {
    const next = come.find((one) => looksAlike(old, one));
    if (!next) return [];
    const what = `${old.kind} ${old.integration}/${old.name} goes and ${next.integration}/${next.name} comes`;
    return [
      `${what}: if it is the same, write renamedFrom: '${old.name}' in ${next.source}.`,
      ...hintAtModels(old, next),
    ];
  });
  const models = after.functions.flatMap((next) => {
    const old = before.functions.find((one) => isSame(one, next));
    return old ? hintAtModels(old, next) : [];
  });
  return [...functions, ...models];
}

function hintAtModels(old: FunctionManifest, next: FunctionManifest): string[] {
  return findRenamedModels(old, next).map(
    ({ from, to }) =>
      `model ${from} goes and ${to} comes: if it is the same, write modelOptions: { ${to}: { renamedFrom: '${from}' } } in ${next.source}.`,
  );
}

/** Models of one sync that differ in nothing but their name. */
function findRenamedModels(old: FunctionManifest, next: FunctionManifest): Array<{ from: string; to: string }> {
  if (old.kind !== 'sync' || next.kind !== 'sync') return [];
  const come = next.models.filter(({ name }) => !old.models.some((model) => model.name === name));
  return old.models
    .filter(({ name }) => !next.models.some((model) => model.name === name))
    .flatMap(({ name, schema }) => {
      const same = come.find((model) => isDeepStrictEqual(model.schema, schema));
      return same ? [{ from: name, to: same.name }] : [];
    });
}

function isSame(one: FunctionManifest, other: FunctionManifest): boolean {
  return one.kind === other.kind && one.integration === other.integration && one.name === other.name;
}

function looksAlike(old: FunctionManifest, next: FunctionManifest): boolean {
  if (old.integration !== next.integration) return false;
  if (old.kind === 'sync' && next.kind === 'sync') {
    return (
      old.bundle === next.bundle ||
      old.models.some((model) => next.models.some(({ name }) => name === model.name)) ||
      findRenamedModels(old, next).length > 0
    );
  }
  if (old.kind !== 'action' || next.kind !== 'action') return false;
  return (
    old.bundle === next.bundle ||
    (isDeepStrictEqual(old.input, next.input) && isDeepStrictEqual(old.output, next.output))
  );
}
