import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ts, Project } from 'ts-morph';
import type { TypeScript } from './lint-rule.ts';

export interface TypeQuestionsOptions {
  readonly root: string;
  readonly files: readonly string[];
  readonly openProject: (options: ConstructorParameters<typeof Project>[0]) => Project;
}

/**
 * Answers what names alone do not tell, with the types of all packages. The program is read at the first question:
 * most projects have none.
 */
export class TypeQuestions {
  readonly #compiler: TypeScript;
  readonly #options: TypeQuestionsOptions;
  #program: { readonly project: Project; readonly checker: ts.TypeChecker } | undefined;

  constructor(compiler: TypeScript, options: TypeQuestionsOptions) {
    this.#compiler = compiler;
    this.#options = options;
  }

  /** Whether an expression gives a promise, or a list of them. What has no type gives none. */
  givesPromise(node: ts.Expression): boolean {
    const { checker, project } = (this.#program ??= this.#open());
    const source = project.getSourceFile(node.getSourceFile().fileName)?.compilerNode;
    const same = source === undefined ? undefined : this.#findSame(source, node);
    if (same === undefined) return false;
    const type = checker.getTypeAtLocation(same);
    return this.#isPromise(checker, type, same) || this.#isPromiseList(checker, type, same);
  }

  #open() {
    const tsConfigFilePath = join(this.#options.root, 'tsconfig.json');
    const project = this.#options.openProject({
      ...(existsSync(tsConfigFilePath) && { tsConfigFilePath }),
      skipAddingFilesFromTsConfig: true,
      skipFileDependencyResolution: true,
      compilerOptions: {
        noEmit: true,
        incremental: false,
        composite: false,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
      },
    });
    for (const file of this.#options.files) project.addSourceFileAtPath(file);
    return { project, checker: project.getProgram().compilerObject.getTypeChecker() };
  }

  #findSame(source: ts.SourceFile, node: ts.Node): ts.Node | undefined {
    const find = (inner: ts.Node): ts.Node | undefined => {
      if (inner.pos > node.pos || inner.end < node.end) return undefined;
      if (inner.pos === node.pos && inner.end === node.end && inner.kind === node.kind) return inner;
      return this.#compiler.forEachChild(inner, find);
    };
    return find(source);
  }

  #isPromise(checker: ts.TypeChecker, type: ts.Type, place: ts.Node): boolean {
    const parts = type.isUnion() ? type.types : [type];
    return parts.some((part) => {
      const then = part.getProperty('then');
      return then !== undefined && checker.getTypeOfSymbolAtLocation(then, place).getCallSignatures().length > 0;
    });
  }

  #isPromiseList(checker: ts.TypeChecker, type: ts.Type, place: ts.Node): boolean {
    if (!checker.isArrayType(type) && !checker.isTupleType(type)) return false;
    return checker.getTypeArguments(type as ts.TypeReference).some((item) => this.#isPromise(checker, item, place));
  }
}
