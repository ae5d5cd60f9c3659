import type { ActionManifest, Manifest, SyncManifest } from '@tenon/runtime/contract';
import type { SourceFileStructure } from 'ts-morph';
import { readClientFiles, type ImportExtension } from './read-client-files.ts';
import { withHeader, type SdkFile } from './sdk-file.ts';

export interface EmitOptions {
  /** Default `js`, which every module resolution and bundler understands. */
  readonly importExtension?: ImportExtension;
}

/**
 * Writes the typed SDK of a project. The same manifest gives the same bytes.
 * @returns every file of the SDK
 * @throws TenonError `definition_duplicate` when two names become the same property
 */
export async function emitSdk(manifest: Manifest, options: EmitOptions = {}): Promise<SdkFile[]> {
  const extension = options.importExtension ?? 'js';
  // ts-morph takes 0.4 s to load, so only those who generate wait for it.
  const [clientFiles, { IndentationText, Project, QuoteKind }, { emitEntry }, { emitIntegration }] = await Promise.all([
    readClientFiles(extension),
    import('ts-morph'),
    import('./emit-entry.ts'),
    import('./emit-integration.ts'),
  ]);
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });
  // A finished structure is printed once; manipulating files statement by statement is many times slower.
  const print = (path: string, structure: SourceFileStructure): SdkFile => ({
    path,
    text: withHeader(project.createSourceFile(`/${path}`, structure).getFullText()),
  });
  const names = manifest.integrations.map(({ name }) => name).sort();
  return [
    print('index.ts', emitEntry(names, extension)),
    ...clientFiles,
    ...names.map((name) => {
      const functions = manifest.functions
        .filter((entry) => entry.integration === name)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const syncs = functions.filter((entry): entry is SyncManifest => entry.kind === 'sync');
      const actions = functions.filter((entry): entry is ActionManifest => entry.kind === 'action');
      return print(`integrations/${name}.ts`, emitIntegration({ name, syncs, actions }, extension));
    }),
  ];
}
