import { isDeepStrictEqual } from 'node:util';
import type { FunctionManifest, Manifest } from '@tenon/runtime/contract';

/** Says where a removal and an addition look like one thing with another name. Both are names of the later version. */
export function hintAtRenames(before: Manifest, after: Manifest): string[] {
  const gone = before.functions.filter((one) => !after.functions.some((other) => isSame(one, other)));
  const come = after.functions.filter((one) => !before.functions.some((other) => isSame(one, other)));
  return gone.flatMap((old) => {
    const next = come.find((one) => looksAlike(old, one));
    if (!next) return [];
    return [
      `${old.kind} ${old.integration}/${old.name} goes and ${next.integration}/${next.name} comes: ` +
        `if it is the same, write renamedFrom: '${old.name}' in ${next.source}.`,
    ];
  });
}

function isSame(one: FunctionManifest, other: FunctionManifest): boolean {
  return one.kind === other.kind && one.integration === other.integration && one.name === other.name;
}

function looksAlike(old: FunctionManifest, next: FunctionManifest): boolean {
  if (old.integration !== next.integration) return false;
  if (old.kind === 'sync' && next.kind === 'sync') {
    return (
      old.bundle === next.bundle || old.models.some((model) => next.models.some(({ name }) => name === model.name))
    );
  }
  if (old.kind !== 'action' || next.kind !== 'action') return false;
  return (
    old.bundle === next.bundle ||
    (isDeepStrictEqual(old.input, next.input) && isDeepStrictEqual(old.output, next.output))
  );
}
