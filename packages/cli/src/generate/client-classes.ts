import type { ActionManifest, SyncManifest } from '@tenon/runtime/contract';
import {
  StructureKind,
  type ClassDeclarationStructure,
  type GetAccessorDeclarationStructure,
  type MethodDeclarationStructure,
} from 'ts-morph';
import { docsOf } from './docs-of.ts';
import { lowerFirstWord, toCamelCase } from './identifier-case.ts';
import { PropertyNames } from './property-names.ts';
import { literalText } from './schema/literal-text.ts';
import type { SchemaNode } from './schema/schema-node.ts';

/** What the connection's class has from ConnectionClient, and its own parts. */
const connectionProperties = ['id', 'integration', 'context', 'get', 'update', 'delete', 'actions', 'syncs'];

/** An action's answer may come a little after the deadline of its run. */
const actionGraceMs = 10_000;

export interface ModelOfSync {
  readonly sync: SyncManifest;
  readonly model: string;
  readonly typeName: string;
}

/** `class GithubConnection`: a property for each model, and the parts. */
export function connectionClass(
  className: string,
  has: { integration: string; models: readonly ModelOfSync[]; parts: Readonly<Record<string, string>> },
): ClassDeclarationStructure {
  const names = new PropertyNames(`a connection of ${has.integration}`, connectionProperties);
  const models = has.models.map(({ sync, model, typeName }) =>
    getter(names.add(lowerFirstWord(model), { what: `the model ${model}`, suffix: 'Model' }), {
      type: `ModelClient<${typeName}>`,
      value: `new ModelClient(this.context, ${literalText(model)})`,
      docs: [sync.description ?? `Records of the model ${model}.`],
    }),
  );
  const parts = Object.entries(has.parts).map(([name, type]) =>
    getter(name, { type, value: `new ${type}(this.context)`, docs: [] }),
  );
  return {
    kind: StructureKind.Class,
    name: className,
    isExported: true,
    extends: 'ConnectionClient',
    docs: docsOf([`One customer's account of ${has.integration}.`]),
    getAccessors: [...models, ...parts],
  };
}

export interface TypedAction {
  readonly action: ActionManifest;
  readonly inputType: string;
  readonly outputType: string;
  /** Of the errors that it declares; absent: it declares none. */
  readonly errorType?: string;
  readonly errors: ReadonlyArray<{
    readonly code: string;
    readonly schema: SchemaNode;
    readonly payloadType: string;
    readonly docs: string[];
  }>;
}

/** `class GithubActions`: a method for each action. */
export function actionsClass(className: string, actions: readonly TypedAction[]): ClassDeclarationStructure {
  const names = new PropertyNames('actions');
  const methods = actions.map(({ action, inputType, outputType }): MethodDeclarationStructure => {
    const timeoutMs = String(action.timeoutMs + actionGraceMs).replace(/\B(?=(\d{3})+$)/g, '_');
    const call = `{ timeoutMs: ${timeoutMs}, ...options, input }`;
    return {
      kind: StructureKind.Method,
      name: names.add(toCamelCase(action.name), { what: `the action ${action.name}`, suffix: 'Action' }),
      docs: docsOf([action.description ?? `Calls the action \`${action.name}\`.`]),
      parameters: [
        { name: 'input', type: inputType, ...(acceptsNothing(action.input) && { initializer: '{}' }) },
        { name: 'options', type: 'CallOptions', initializer: '{}' },
      ],
      returnType: `Promise<${outputType}>`,
      statements: `return callAction(this.#context, ${literalText(action.name)}, ${call});`,
    };
  });
  const guards = actions.flatMap((typed) => errorGuard(typed, names));
  return { ...partClass(className, 'The actions of a connection.'), methods: [...methods, ...guards] };
}

/** `isCreateIssueError(error)`: tells an app what it may act on. */
function errorGuard({ action, errorType, errors }: TypedAction, names: PropertyNames): MethodDeclarationStructure[] {
  if (errorType === undefined) return [];
  return [
    {
      kind: StructureKind.Method,
      name: names.add(`is${errorType}`, { what: `the errors of the action ${action.name}`, suffix: 'Guard' }),
      docs: docsOf([`Whether a call of the action \`${action.name}\` ended with one of the errors that it declares.`]),
      parameters: [{ name: 'error', type: 'unknown' }],
      returnType: `error is ${errorType}`,
      statements: `return isActionError<${errorType}>(error, [${errors.map(({ code }) => literalText(code)).join(', ')}]);`,
    },
  ];
}

/** `class GithubSyncs`: a property for each sync. */
export function syncsClass(className: string, syncs: readonly SyncManifest[]): ClassDeclarationStructure {
  const names = new PropertyNames('syncs');
  const getAccessors = syncs.map((sync) =>
    getter(names.add(toCamelCase(sync.name), { what: `the sync ${sync.name}`, suffix: 'Sync' }), {
      type: 'SyncClient',
      value: `new SyncClient(this.#context, ${literalText(sync.name)})`,
      docs: sync.description === undefined ? [] : [sync.description],
    }),
  );
  return { ...partClass(className, 'The syncs of a connection.'), getAccessors };
}

/** `class GithubIntegration`: where connections are taken from. */
export function integrationClass(
  className: string,
  has: { integration: string; connectionClass: string },
): ClassDeclarationStructure {
  return {
    kind: StructureKind.Class,
    name: className,
    isExported: true,
    docs: docsOf([`The integration ${has.integration}.`]),
    properties: [{ name: '#transport', type: 'Transport', isReadonly: true }],
    ctors: [{ parameters: [{ name: 'transport', type: 'Transport' }], statements: 'this.#transport = transport;' }],
    methods: [
      {
        name: 'connection',
        docs: docsOf(["A customer's account, as the app named it when it connected. Sends nothing by itself."]),
        parameters: [{ name: 'id', type: 'string' }],
        returnType: has.connectionClass,
        statements: `return new ${has.connectionClass}(this.#transport, ${literalText(has.integration)}, id);`,
      },
    ],
  };
}

function partClass(name: string, doc: string): ClassDeclarationStructure {
  return {
    kind: StructureKind.Class,
    name,
    isExported: true,
    docs: docsOf([doc]),
    properties: [{ name: '#context', type: 'ConnectionContext', isReadonly: true }],
    ctors: [{ parameters: [{ name: 'context', type: 'ConnectionContext' }], statements: 'this.#context = context;' }],
  };
}

function getter(
  name: string,
  as: { type: string; value: string; docs: readonly string[] },
): GetAccessorDeclarationStructure {
  return {
    kind: StructureKind.GetAccessor,
    name,
    returnType: as.type,
    docs: docsOf(as.docs),
    statements: `return ${as.value};`,
  };
}

/** Whether `{}` is a valid input, so that it may be left out. */
function acceptsNothing(schema: SchemaNode): boolean {
  if (typeof schema === 'boolean') return schema;
  const saysNothing = Object.keys(schema).every((word) => word === '$schema' || word === 'description');
  return saysNothing || (schema.type === 'object' && (schema.required ?? []).length === 0);
}
