import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { allRoutes } from '../routes/all-routes.ts';
import { buildDocument } from './build-document.ts';

const document = buildDocument({ routes: allRoutes, version: '1.2.3' });
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation: operation as {
      operationId: string;
      security: unknown[];
      parameters?: { name: string; in: string; required: boolean; schema: unknown }[];
      responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
    },
  })),
);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, references included', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone<Record<string, unknown>>(document));
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
    expect(validator.version).toBe('3.1');
    const known = new Set(Object.keys(document.components.schemas));
    const named = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    expect(named.filter((name) => !known.has(name?.replace('#/components/schemas/', '') ?? ''))).toEqual([]);
  });

  it('says what each named schema is', () => {
    for (const schema of Object.values(document.components.schemas)) expect(schema).not.toHaveProperty('$ref');
  });

  it('has every route once', () => {
    const routes = allRoutes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(operations.map(({ name }) => name).toSorted()).toEqual(routes.toSorted());
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(operations)('says of $name what it answers, and what errors look like', ({ operation }) => {
    const statuses = Object.keys(operation.responses);
    expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
    expect(statuses).toContain('500');
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue;
      expect(answer.content?.['application/json']?.schema).toEqual({ $ref: '#/components/schemas/Error' });
    }
  });

  it.each(operations)('names the path parameters of $name', ({ name, operation }) => {
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(declared.map((parameter) => parameter.name)).toEqual(inPath);
    expect(declared.every(({ required }) => required)).toBe(true);
  });

  it('asks for a key everywhere but where the server says how it is, and where keys are asked for', () => {
    const open = operations.filter(({ operation }) => operation.security.length === 0).map(({ name }) => name);
    expect(open).toEqual(['GET /v1/health', 'GET /v1/ready', 'POST /v1/device/authorization', 'POST /v1/device/token']);
  });

  it('says which scope a key needs', () => {
    const security = (of: string) => operations.find(({ name }) => name === of)?.operation.security;
    expect(security('GET /v1/connections')).toEqual([{ apiKey: ['connections:read'] }]);
    expect(security('GET /v1/whoami')).toEqual([{ apiKey: [] }]);
    expect(security('GET /v1/connect/session')).toEqual([{ connectSession: [] }]);
  });

  it('gives each query parameter its type and default', () => {
    const list = operations.find(({ name }) => name === 'GET /v1/runs')?.operation.parameters;
    expect(list?.find(({ name }) => name === 'limit')).toMatchObject({
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 1_000, default: 100 },
    });
  });
});
