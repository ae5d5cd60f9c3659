export interface NamedThing {
  readonly name: string;
  readonly renamedFrom?: string | undefined;
}

export interface MatchedNames {
  readonly renamed: ReadonlyArray<{ from: string; to: string }>;
  /** Both exist already: they cannot become one. */
  readonly joined: ReadonlyArray<{ from: string; to: string }>;
  /** Nothing of the old name is there, and nothing of the new one. */
  readonly unfounded: ReadonlyArray<{ from: string; to: string }>;
}

/**
 * Finds what is called otherwise in the later of two versions: as that one says, or, when it goes back, as the earlier
 * one says of itself. A declaration that was applied before, because the new name is there, is none any more.
 */
export function matchNames(before: readonly NamedThing[], after: readonly NamedThing[]): MatchedNames {
  const [old, next] = [before, after].map((things) => new Set(things.map(({ name }) => name)));
  const was = (name: string): boolean => old?.has(name) ?? false;
  const is = (name: string): boolean => next?.has(name) ?? false;
  const declared = declarations(after);
  const back = declarations(before)
    .map(({ from, to }) => ({ from: to, to: from }))
    .filter(({ from, to }) => is(to) && !is(from) && !was(to));
  const forward = declared.filter(({ from, to }) => was(from) && !was(to) && !is(from));
  return {
    renamed: [...forward, ...back.filter(({ from }) => !forward.some((one) => one.from === from))],
    joined: declared.filter(({ from, to }) => was(from) && was(to)),
    unfounded: declared.filter(({ from, to }) => !was(from) && !was(to) && !back.some((one) => one.to === to)),
  };
}

function declarations(things: readonly NamedThing[]): Array<{ from: string; to: string }> {
  return things.flatMap(({ name, renamedFrom }) =>
    renamedFrom === undefined ? [] : [{ from: renamedFrom, to: name }],
  );
}
