import type { ActionManifest, SyncManifest } from '@tenon/runtime/contract';
import { StructureKind, type ImportDeclarationStructure, type SourceFileStructure } from 'ts-morph';
import { actionsClass, connectionClass, integrationClass, syncsClass, type TypedAction } from './client-classes.ts';
import { toPascalCase } from './identifier-case.ts';
import { NameAllocator } from './name-allocator.ts';
import type { ImportExtension } from './read-client-files.ts';
import { docComment, docLines } from './schema/doc-text.ts';
import { literalText } from './schema/literal-text.ts';
import { TypeScope, type NamedSchema } from './schema/type-scope.ts';
import { typeStatement } from './type-statement.ts';

export interface IntegrationManifest {
  readonly name: string;
  /** Sorted by name, as the actions are. */
  readonly syncs: readonly SyncManifest[];
  readonly actions: readonly ActionManifest[];
}

/** Names that the file uses for itself: the client's, and the one global that its signatures name. */
const reservedTypes = [
  'ActionError',
  'CallOptions',
  'ConnectionClient',
  'ConnectionContext',
  'ModelClient',
  'SyncClient',
  'Transport',
  'Promise',
];

/** Lays out the file of one integration: its models, and the client of its connections. */
export function emitIntegration(integration: IntegrationManifest, extension: ImportExtension): SourceFileStructure {
  const { name, syncs, actions } = integration;
  const prefix = toPascalCase(name);
  const classes = ['Integration', 'Connection', 'Actions', 'Syncs'].map((part) => prefix + part);
  const names = new NameAllocator([...reservedTypes, ...classes]);

  const models = syncs
    .flatMap((sync) => sync.models.map((model) => ({ sync, model: model.name, schema: model.schema })))
    .sort((a, b) => (a.model < b.model ? -1 : 1))
    .map((model) => ({ ...model, typeName: names.allocate(model.model, 'Model') }));
  const typedActions = actions.map((action): TypedAction => ({
    action,
    inputType: names.allocate(`${toPascalCase(action.name)}Input`, 'Type'),
    outputType: names.allocate(`${toPascalCase(action.name)}Output`, 'Type'),
    ...allocateErrorTypes(action, names),
  }));
  const scope = new TypeScope(names, [
    ...models.map(({ sync, schema, typeName }): NamedSchema => ({
      name: typeName,
      schema,
      mode: 'output',
      docs: describe(schema, `A record of ${name}, kept by the sync \`${sync.name}\`.`),
      isShared: true,
    })),
    ...typedActions.flatMap(({ action, inputType, outputType, errors }): NamedSchema[] => [
      { ...actionType(action, 'input'), name: inputType },
      { ...actionType(action, 'output'), name: outputType },
      ...errors.map(({ schema, payloadType, docs }): NamedSchema => ({
        name: payloadType,
        schema,
        mode: 'output',
        docs,
        isShared: false,
      })),
    ]),
  ]);

  const parts = {
    ...(actions.length > 0 && { actions: `${prefix}Actions` }),
    ...(syncs.length > 0 && { syncs: `${prefix}Syncs` }),
  };
  return {
    kind: StructureKind.SourceFile,
    statements: [
      ...imports(integration, extension),
      // ts-morph sets no empty line between imports and text.
      ...scope.declarations.map((type, index) => (index === 0 ? '\n' : '') + typeStatement(type)),
      ...typedActions.flatMap(errorUnion),
      ...(parts.actions === undefined ? [] : [actionsClass(parts.actions, typedActions)]),
      ...(parts.syncs === undefined ? [] : [syncsClass(parts.syncs, syncs)]),
      connectionClass(`${prefix}Connection`, { integration: name, models, parts }),
      integrationClass(`${prefix}Integration`, { integration: name, connectionClass: `${prefix}Connection` }),
    ],
  };
}

function describe(schema: NamedSchema['schema'], otherwise: string): string[] {
  const lines = docLines(schema);
  return lines.length > 0 ? lines : [otherwise];
}

function actionType(action: ActionManifest, part: 'input' | 'output'): Omit<NamedSchema, 'name'> {
  const docs = describe(action[part], `The ${part} of the action \`${action.name}\`.`);
  return { schema: action[part], mode: part, docs, isShared: false };
}

function allocateErrorTypes(action: ActionManifest, names: NameAllocator): Pick<TypedAction, 'errorType' | 'errors'> {
  const prefix = toPascalCase(action.name);
  const errors = Object.entries(action.errors).map(([code, schema]) => ({
    code,
    schema,
    payloadType: names.allocate(`${prefix}${toPascalCase(code.replaceAll('_', '-'))}Payload`, 'Type'),
    docs: describe(schema, `What the action \`${action.name}\` tells with its error \`${code}\`.`),
  }));
  return { errors, ...(errors.length > 0 && { errorType: names.allocate(`${prefix}Error`, 'Type') }) };
}

/** `type CreateIssueError`: what a call of the action may end with on purpose. */
function errorUnion({ action, errorType, errors }: TypedAction): string[] {
  if (errorType === undefined) return [];
  const members = errors.map(({ code, payloadType }) => `ActionError<${literalText(code)}, ${payloadType}>`);
  const docs = docComment([`The errors that the action \`${action.name}\` declares.`]);
  return [`${docs}export type ${errorType} =\n  | ${members.join('\n  | ')};`];
}

/** Only what the file uses: strict projects refuse unused imports. */
function imports(integration: IntegrationManifest, extension: ImportExtension): ImportDeclarationStructure[] {
  const hasActions = integration.actions.length > 0;
  const hasSyncs = integration.syncs.length > 0;
  const hasErrors = integration.actions.some(({ errors }) => Object.keys(errors).length > 0);
  const wanted = [
    hasErrors && { file: 'action-error', values: ['isActionError', 'type ActionError'], types: [] },
    hasActions && { file: 'call-action', values: ['callAction'], types: [] },
    { file: 'connection-client', values: ['ConnectionClient'], types: [] },
    (hasActions || hasSyncs) && { file: 'connection-context', values: [], types: ['ConnectionContext'] },
    hasSyncs && { file: 'model-client', values: ['ModelClient'], types: [] },
    hasSyncs && { file: 'sync-client', values: ['SyncClient'], types: [] },
    { file: 'transport', values: [], types: hasActions ? ['CallOptions', 'Transport'] : ['Transport'] },
  ];
  return wanted
    .filter((entry) => entry !== false)
    .map(({ file, values, types }) => ({
      kind: StructureKind.ImportDeclaration,
      moduleSpecifier: `../client/${file}.${extension}`,
      isTypeOnly: values.length === 0,
      namedImports: [...values, ...types],
    }));
}
