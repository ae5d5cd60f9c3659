import { StructureKind, type SourceFileStructure, type StatementStructures } from 'ts-morph';
import { docsOf } from './docs-of.ts';
import { toCamelCase, toPascalCase } from './identifier-case.ts';
import { NameAllocator } from './name-allocator.ts';
import { PropertyNames } from './property-names.ts';
import type { ImportExtension } from './read-client-files.ts';
import { literalText } from './schema/literal-text.ts';

/** The client's types that an app may want to name, by their file. */
const exportedTypes: Readonly<Record<string, readonly string[]>> = {
  'api-error': ['ApiFailure'],
  'change-feed': ['Change', 'ChangeFeed', 'ChangesPage'],
  'connect-client': ['ConnectClient', 'ConnectDefaults', 'ConnectSession', 'EndUser', 'NewConnectSession'],
  'connection-client': ['ConnectionPatch'],
  'connections-client': [
    'AuthMode',
    'Connection',
    'ConnectionExpiry',
    'ConnectionProblem',
    'ConnectionsClient',
    'ConnectionTest',
    'Credentials',
    'NewConnection',
  ],
  list: ['List', 'Page'],
  'model-client': ['ChangesOptions', 'ListOptions', 'ModelClient'],
  'stored-record': ['StoredRecord'],
  'sync-client': ['Run', 'SyncClient'],
  transport: ['CallOptions', 'Fetch', 'TenonOptions'],
  webhooks: ['WebhookEvent', 'WebhookEventType', 'WebhookHandlers', 'WebhookVerification'],
};

/** What an app takes deliveries with. */
const webhookNames = ['createWebhookHandler', 'TenonWebhookError', 'verifyWebhook'] as const;

/** Lays out index.ts: `createTenon`, and the types that an app may want to name. */
export function emitEntry(integrations: readonly string[], extension: ImportExtension): SourceFileStructure {
  const names = new NameAllocator([
    'ActionError',
    'Tenon',
    'TenonApiError',
    ...webhookNames,
    ...Object.values(exportedTypes).flat(),
  ]);
  const properties = new PropertyNames('createTenon()', ['connect', 'connections']);
  const entries = integrations.map((name) => ({
    name,
    file: `./integrations/${name}.${extension}`,
    className: `${toPascalCase(name)}Integration`,
    namespace: names.allocate(toPascalCase(name), 'Types'),
    property: properties.add(toCamelCase(name), { what: `the integration ${name}`, suffix: 'Integration' }),
  }));
  const union = integrations.length === 0 ? 'never' : integrations.map(literalText).join(' | ');
  const statements: (StatementStructures | string)[] = [
    ...[
      { file: './client/connect-client', names: ['ConnectClient'] },
      { file: './client/connections-client', names: ['ConnectionsClient'] },
      { file: './client/transport', names: ['Transport', 'type TenonOptions'] },
    ].map(({ file, names: namedImports }): StatementStructures => ({
      kind: StructureKind.ImportDeclaration,
      moduleSpecifier: `${file}.${extension}`,
      namedImports,
    })),
    ...entries.map((entry): StatementStructures => ({
      kind: StructureKind.ImportDeclaration,
      moduleSpecifier: entry.file,
      namedImports: [entry.className],
    })),
    {
      kind: StructureKind.ExportDeclaration,
      moduleSpecifier: `./client/api-error.${extension}`,
      namedExports: ['TenonApiError'],
    },
    {
      kind: StructureKind.ExportDeclaration,
      moduleSpecifier: `./client/action-error.${extension}`,
      namedExports: ['ActionError'],
    },
    {
      kind: StructureKind.ExportDeclaration,
      moduleSpecifier: `./client/webhooks.${extension}`,
      namedExports: [...webhookNames],
    },
    ...Object.entries(exportedTypes).map(([file, namedExports]): StatementStructures => ({
      kind: StructureKind.ExportDeclaration,
      moduleSpecifier: `./client/${file}.${extension}`,
      isTypeOnly: true,
      namedExports: [...namedExports],
    })),
    ...entries.map((entry) => `export type * as ${entry.namespace} from ${literalText(entry.file)};`),
    {
      kind: StructureKind.Class,
      name: 'Tenon',
      isExported: true,
      docs: docsOf(['Tenon, as this project has it.']),
      properties: [
        {
          name: 'connect',
          type: `ConnectClient<${union}>`,
          isReadonly: true,
          docs: docsOf(['Lets customers connect their accounts on the hosted page.']),
        },
        {
          name: 'connections',
          type: `ConnectionsClient<${union}>`,
          isReadonly: true,
          docs: docsOf([
            'Connects (with credentials that the app has), lists and disconnects the accounts of customers.',
          ]),
        },
        ...entries.map((entry) => ({ name: entry.property, type: entry.className, isReadonly: true })),
      ],
      ctors: [
        {
          parameters: [{ name: 'options', type: 'TenonOptions' }],
          statements: [
            'const transport = new Transport(options);',
            'this.connect = new ConnectClient(transport);',
            'this.connections = new ConnectionsClient(transport);',
            ...entries.map((entry) => `this.${entry.property} = new ${entry.className}(transport);`),
          ],
        },
      ],
    },
    {
      kind: StructureKind.Function,
      name: 'createTenon',
      isExported: true,
      docs: docsOf(['Makes the client of a Tenon server. Sends nothing by itself.']),
      parameters: [{ name: 'options', type: 'TenonOptions' }],
      returnType: 'Tenon',
      statements: 'return new Tenon(options);',
    },
  ];
  return { kind: StructureKind.SourceFile, statements };
}
