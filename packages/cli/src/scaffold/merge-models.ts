import type { SourceFile } from 'ts-morph';

/**
 * Adds to a project's own models.ts what scripts that are new to it import from it, with what that stands on. Nothing
 * that is there is changed.
 * @param texts.own the project's file
 * @param texts.shipped the template's
 * @param texts.scripts that are new
 * @returns the new text; undefined when the project's file has everything
 */
export async function mergeModels(texts: {
  own: string;
  shipped: string;
  scripts: readonly string[];
}): Promise<string | undefined> {
  // 0.4 s to load: only a changed models.ts waits for it.
  const { Project } = await import('ts-morph');
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const own = project.createSourceFile('own.ts', texts.own);
  const shipped = project.createSourceFile('shipped.ts', texts.shipped);
  const there = namesOf(own);
  const wanted = new Set<string>();
  for (const [index, text] of texts.scripts.entries()) {
    const script = project.createSourceFile(`script-${index}.ts`, text);
    for (const declaration of script.getImportDeclarations()) {
      if (!/^\.\.\/models(?:\.[jt]s)?$/.test(declaration.getModuleSpecifierValue())) continue;
      for (const name of declaration.getNamedImports()) wanted.add(name.getName());
    }
  }
  const { statements, imports } = collect(shipped, { wanted, there });
  if (statements.length === 0) return undefined;
  const body = texts.own.trimEnd();
  return [...imports, ...(body === '' ? [] : [body]), ...statements].join('\n\n').concat('\n');
}

/** Everything that a file declares or imports. */
function namesOf(file: SourceFile): Set<string> {
  return new Set([
    ...file.getVariableDeclarations().map((one) => one.getName()),
    ...[...file.getFunctions(), ...file.getClasses()].map((one) => one.getName() ?? ''),
    ...[...file.getInterfaces(), ...file.getTypeAliases(), ...file.getEnums()].map((one) => one.getName()),
    ...file.getImportDeclarations().flatMap((one) => one.getNamedImports().map((name) => name.getName())),
    ...file.getExportDeclarations().flatMap((one) => one.getNamedExports().map((name) => name.getName())),
  ]);
}

/** The statements of a file that declare wanted names, those that these name in turn, and the imports of all of them. */
function collect(
  file: SourceFile,
  { wanted, there }: { wanted: ReadonlySet<string>; there: ReadonlySet<string> },
): { statements: string[]; imports: string[] } {
  const needed = new Set([...wanted].filter((name) => !there.has(name)));
  const declaring = file.getStatements().map((statement) => ({
    text: statement.getText(true),
    names: namesOfText(file, statement.getPos(), statement.getEnd()),
  }));
  for (let isGrowing = true; isGrowing;) {
    const before = needed.size;
    for (const { text, names } of declaring) {
      if (!names.some((name) => needed.has(name))) continue;
      for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) if (!there.has(word)) needed.add(word);
    }
    isGrowing = needed.size > before;
  }
  const statements = declaring.filter(({ names }) => names.some((name) => needed.has(name))).map(({ text }) => text);
  const imports = file.getImportDeclarations().flatMap((one) => {
    const names = one.getNamedImports().filter((name) => needed.has(name.getName()));
    const list = names.map((name) => name.getText()).join(', ');
    return names.length === 0 ? [] : [`import { ${list} } from '${one.getModuleSpecifierValue()}';`];
  });
  return { statements, imports };
}

/** Of what is declared between two positions of a file. */
function namesOfText(file: SourceFile, from: number, to: number): string[] {
  const declared = [
    ...file.getVariableDeclarations(),
    ...file.getFunctions(),
    ...file.getClasses(),
    ...file.getInterfaces(),
    ...file.getTypeAliases(),
    ...file.getEnums(),
  ];
  return declared.filter((one) => one.getPos() >= from && one.getEnd() <= to).flatMap((one) => one.getName() ?? []);
}
