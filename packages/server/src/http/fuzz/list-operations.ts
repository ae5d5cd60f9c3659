import { buildDocument } from '../openapi/build-document.ts';
import { allRoutes } from '../routes/all-routes.ts';

/** As much of JSON Schema as the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly schema: Schema;
}

/** One route as the API's own document describes it. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  /** With parameters as `{name}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly needsKey: boolean;
  /** Of a JSON body. */
  readonly body: Schema | undefined;
  readonly bodyLimit: number;
  /** Its answer does not end by itself. */
  readonly isStream: boolean;
}

interface DocumentedOperation {
  readonly parameters?: readonly Parameter[];
  readonly security: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

const defaultBodyLimit = 1024 * 1024;

/** Every operation of the API document; a route that is added is among them without a line here. */
export function listOperations(): Operation[] {
  const document = buildDocument({ routes: allRoutes, version: 'test' });
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    return (document.components.schemas as Record<string, Schema>)[schema.$ref.split('/').at(-1) ?? ''] ?? {};
  };
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, DocumentedOperation>).map(([method, operation]) => {
      const json = operation.requestBody?.content['application/json'];
      const route = allRoutes.find((one) => one.method.toLowerCase() === method && toTemplate(one.path) === path);
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: (operation.parameters ?? []).map((one) => ({ ...one, schema: resolve(one.schema) })),
        needsKey: operation.security.some((one) => 'apiKey' in one),
        body: json && resolve(json.schema),
        bodyLimit: route?.bodyLimit ?? defaultBodyLimit,
        isStream: Object.values(operation.responses).some((one) => 'text/event-stream' in (one.content ?? {})),
      };
    }),
  );
}

function toTemplate(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}
