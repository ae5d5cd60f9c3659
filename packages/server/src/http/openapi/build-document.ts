import type { z } from 'zod';
import { errorBodySchema } from '@tenon/runtime/contract';
import { errorRegistry, type ErrorCode } from '@tenon/runtime/errors';
import type { RouteDescription } from '../route/route.ts';
import { createSchemaWriter } from './schema-writer.ts';

type Writer = ReturnType<typeof createSchemaWriter>;

/** The OpenAPI 3.1 document, written from the same declarations that the server runs. */
export function buildDocument({ routes, version }: { routes: readonly RouteDescription[]; version: string }) {
  const writer = createSchemaWriter();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = toOperation(route, writer);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tenon',
      version,
      description: "Connects customers' accounts, runs integrations, stores and serves records.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: writer.components,
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key of one environment. With the header `tenon-environment: <name>` a request acts in that preview of it.',
        },
        connectSession: { type: 'http', scheme: 'bearer', description: 'The token of a connect session.' },
      },
    },
  };
}

function toOperation(route: RouteDescription, writer: Writer) {
  const parameters = [...toParameters(route.params, 'path', writer), ...toParameters(route.query, 'query', writer)];
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.tag],
    security: toSecurity(route),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        required: true,
        content: { [route.bodyContentType ?? 'application/json']: { schema: writer.write(route.body, 'input') } },
      },
    }),
    responses: { [route.answer.status]: toAnswer(route, writer), ...toErrorAnswers(route, writer) },
  };
}

/** OpenAPI 3.1 lets the list name roles that the key needs: here the scope. */
function toSecurity({ access, scope }: RouteDescription): Record<string, string[]>[] {
  if (access === 'public') return [];
  if (access === 'connect') return [{ connectSession: [] }];
  return [{ apiKey: scope === undefined || scope === 'any' ? [] : [scope] }];
}

const accessErrors: Record<RouteDescription['access'], readonly ErrorCode[]> = {
  public: [],
  key: ['unauthorized'],
  connect: ['connect_session_invalid', 'origin_refused', 'rate_limited'],
};

/** `GET /v1/runs/:id` -> `getRunsById`. */
function operationId({ method, path }: RouteDescription): string {
  const words = path.split('/').slice(2);
  const text = words.map((word) => (word.startsWith(':') ? `By${capitalise(word.slice(1))}` : capitalise(word)));
  return method.toLowerCase() + text.join('');
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function toParameters(schema: z.ZodObject | undefined, place: 'path' | 'query', writer: Writer) {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { description, ...written } = writer.write(field as z.ZodType, 'output');
    return {
      name,
      in: place,
      required: place === 'path' || !acceptsUndefined(field as z.ZodType),
      ...(description !== undefined && { description }),
      schema: written,
    };
  });
}

function acceptsUndefined(field: z.ZodType): boolean {
  return field.safeParse(undefined).success;
}

function toAnswer({ answer }: RouteDescription, writer: Writer) {
  if (!answer.schema) return { description: answer.description };
  const schema = writer.write(answer.schema, 'output');
  return { description: answer.description, content: { [answer.contentType ?? 'application/json']: { schema } } };
}

/** Error answers by status, each naming the codes that come with it. */
function toErrorAnswers(route: RouteDescription, writer: Writer): Record<string, unknown> {
  const checked = route.params ?? route.query ?? route.body;
  const codes = new Set<ErrorCode>([
    ...(checked ? (['request_invalid'] as const) : []),
    ...accessErrors[route.access],
    ...route.errors,
    ...(route.body ? (['payload_too_large'] as const) : []),
    'internal',
    'unavailable',
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorRegistry[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { 'application/json': { schema: writer.write(errorBodySchema, 'output') } };
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      { description: same.map((code) => `\`${code}\`: ${errorRegistry[code].when}`).join(' '), content },
    ]),
  );
}
