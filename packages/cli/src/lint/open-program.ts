import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { ts } from 'ts-morph';
import type { LintInput, LintInputFile } from './lint-input.ts';
import type { TypeScript } from './lint-rule.ts';

export interface OpenedProgram {
  readonly names: ts.TypeChecker;
  /** What was asked for, and what it imports of the project's own files; those that are missing are left out. */
  readonly files: ReadonlyArray<LintInputFile & { readonly source: ts.SourceFile }>;
}

/**
 * Reads the project's files and nothing else: no library, no package, so that 50 scripts take milliseconds. Names are
 * resolved across the files; types of packages are not there.
 */
export function openProgram(compiler: TypeScript, input: LintInput): OpenedProgram {
  const options: ts.CompilerOptions = {
    ...readPaths(compiler, input.root),
    target: compiler.ScriptTarget.ESNext,
    module: compiler.ModuleKind.Preserve,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    noLib: true,
    types: [],
  };
  const host = compiler.createCompilerHost(options, true);
  const cache = compiler.createModuleResolutionCache(input.root, (name) => name, options);
  const patterns = Object.keys(options.paths ?? {}).map((pattern) => pattern.split('*')[0] ?? '');
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(({ text }) => {
      if (!text.startsWith('.') && !patterns.some((start) => start !== '' && text.startsWith(start)))
        return { resolvedModule: undefined };
      return compiler.resolveModuleName(text, containing, options, compiler.sys, cache);
    });
  const known = new Map(input.files.map((file) => [file.path, file]));
  const program = compiler.createProgram({
    rootNames: [...known.keys()].map((path) => join(input.root, path)).filter((file) => existsSync(file)),
    options,
    host,
  });
  const files = program.getSourceFiles().flatMap((source) => {
    const path = relative(input.root, source.fileName).split(sep).join('/');
    const isOwn = !path.startsWith('..') && !/(?:^|\/)node_modules\//.test(path) && !source.isDeclarationFile;
    return isOwn && !path.endsWith('.json')
      ? [{ ...(known.get(path) ?? { path, role: 'module' as const }), source }]
      : [];
  });
  return { names: program.getTypeChecker(), files };
}

/** Other names for the project's own folders, which its tsconfig.json may give. */
function readPaths(compiler: TypeScript, root: string): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json');
  if (!existsSync(file)) return {};
  const { config } = compiler.parseConfigFileTextToJson(file, readFileSync(file, 'utf8')) as {
    config?: { compilerOptions?: { paths?: ts.MapLike<string[]> } };
  };
  const paths = config?.compilerOptions?.paths;
  return paths === undefined ? {} : { paths, pathsBasePath: root };
}
