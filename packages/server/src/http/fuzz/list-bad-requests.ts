import type { Operation, Parameter, Schema } from './list-operations.ts';

export interface FuzzRequest {
  readonly what: string;
  readonly method: string;
  readonly url: string;
  readonly payload?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

const json = { 'content-type': 'application/json' };

/** An address of the operation that fits its schemas, whether or not the thing exists. */
export function addressOf(
  { path, parameters }: Operation,
  { params = {}, query = '' }: { params?: Readonly<Record<string, string>>; query?: string } = {},
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    const schema = parameters.find((one) => one.name === name && one.in === 'path')?.schema ?? {};
    return params[name] ?? encodeURIComponent(sampleOf(name, schema));
  });
  return query === '' ? filled : `${filled}?${query}`;
}

const samples: Readonly<Record<string, string>> = {
  integration: 'tracker',
  connection: 'user1',
  model: 'Issue',
  sync: 'issues',
  hash: 'a'.repeat(64),
};

function sampleOf(name: string, schema: Schema): string {
  if (samples[name] !== undefined) return samples[name];
  if (schema.format === 'uuid') return '0198c9a1-6f0e-7000-8a53-0d2f7f6f1b11';
  return schema.type === 'integer' ? '1' : 'sample';
}

/** Requests that the operation's own description rules out: each has to be refused with a 4xx. */
export function listBadRequests(operation: Operation): FuzzRequest[] {
  return [...badParameters(operation), ...badBodies(operation)];
}

function badParameters(operation: Operation): FuzzRequest[] {
  const { method, parameters } = operation;
  const payload = operation.body && '{}';
  const common = { method, ...(payload !== undefined && { payload, headers: json }) };
  return parameters.flatMap((parameter) => {
    const { name } = parameter;
    if (parameter.in === 'path') {
      return badPathValues(parameter).map(([what, value]) => ({
        ...common,
        what: `${name} ${what}`,
        url: addressOf(operation, { params: { [name]: value } }),
      }));
    }
    return badQueryValues(parameter).map(([what, query]) => ({
      ...common,
      what: `${name} ${what}`,
      url: addressOf(operation, { query }),
    }));
  });
}

function badPathValues({ schema }: Parameter): Array<[what: string, encoded: string]> {
  const values: Array<[string, string]> = [
    ['that cannot be decoded', '%zz'],
    ['that is no UTF-8', '%ff%fe'],
    ['that is too long', 'x'.repeat(5_000)],
    ['with a NUL', 'a%00b'],
  ];
  if (schema.type === 'integer' || schema.type === 'number') {
    for (const value of ['abc', '-1', '1.5', 'NaN', '9'.repeat(30)]) values.push([`of ${value}`, value]);
  } else if (schema.format === 'uuid') {
    for (const value of ['x', '123', '0198c9a1-6f0e-7000-8a53']) values.push([`of ${value}`, value]);
  } else if (schema.enum) values.push(['that is none of them', 'none-of-these']);
  return values;
}

function badQueryValues({ name, schema }: Parameter): Array<[what: string, query: string]> {
  const of = (value: string): [string, string] => [`of ${value.slice(0, 30)}`, `${name}=${encodeURIComponent(value)}`];
  if (schema.type === 'array') return [['too many times', Array(1_100).fill(`${name}=a`).join('&')]];
  const values: Array<[string, string]> = schema.enum || schema.type === 'boolean' ? [of('none of these')] : [];
  if (schema.type === 'integer' || schema.type === 'number') {
    values.push(...['abc', '-1e99', 'NaN', 'Infinity', '1.5', '9'.repeat(30)].map(of));
    if (schema.minimum !== undefined) values.push(of(String(schema.minimum - 1)));
    if (schema.maximum !== undefined) values.push(of(String(schema.maximum + 1)));
  }
  if (schema.format === 'date-time') values.push(of('yesterday'), of('2026-13-41T99:00:00Z'));
  if (schema.format === 'uuid') values.push(of('x'));
  if (schema.maxLength !== undefined) values.push(of('x'.repeat(schema.maxLength + 1)));
  values.push(['given twice', `${name}=1&${name}=2`], ['with a NUL', `${name}=a%00b`]);
  return values;
}

function badBodies(operation: Operation): FuzzRequest[] {
  const { method, body } = operation;
  if (!body) return [];
  const url = addressOf(operation);
  const of = (what: string, payload: string, headers: Record<string, string> = json): FuzzRequest => {
    return { what, method, url, payload, headers };
  };
  return [
    of('JSON that is cut off', '{"a":'),
    of('JSON that is none', 'hello'),
    of('a text that is none', '"\\ud800'),
    of('no body that says it is one', ''),
    of('another content type', '<a/>', { 'content-type': 'application/xml' }),
    of('a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    of('an encoding that nobody reads', '{}', { 'content-type': 'application/json', 'content-encoding': 'br' }),
    of('a prototype', '{"__proto__":{"isAdmin":true}}'),
    of('a constructor', '{"constructor":{"prototype":{"isAdmin":true}}}'),
    of('JSON that is too deep', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
    of('too much', JSON.stringify({ text: 'x'.repeat(operation.bodyLimit + 1) })),
    ...badValues(body).map(([what, value]) => of(what, JSON.stringify(value))),
  ];
}

/** Values that a schema of an object does not take. */
function badValues(schema: Schema): Array<[what: string, value: unknown]> {
  if (schema.type !== 'object') return [];
  const properties = Object.entries(schema.properties ?? {});
  const values: Array<[string, unknown]> = [
    ['a list', []],
    ['a text', 'x'],
    ['a number', 1],
  ];
  for (const name of schema.required ?? []) {
    const others = (schema.required ?? []).filter((other) => other !== name);
    values.push([`no ${name}`, Object.fromEntries(others.map((other) => [other, {}]))]);
  }
  if (schema.additionalProperties === false) values.push(['a field too many', { 'no such field': 1 }]);
  for (const [name, field] of properties) {
    for (const wrong of wrongFor(field))
      values.push([`${name}: ${JSON.stringify(wrong).slice(0, 40)}`, { [name]: wrong }]);
  }
  return values;
}

function wrongFor(schema: Schema): unknown[] {
  const types = [schema.type ?? []].flat();
  if (schema.$ref !== undefined || types.length === 0) return [];
  const wrong: unknown[] = [];
  if (!types.includes('object')) wrong.push({ a: 1 });
  if (!types.includes('array')) wrong.push([[]]);
  if (!types.includes('string')) wrong.push('x');
  if (!types.includes('number') && !types.includes('integer')) wrong.push(1e308);
  if (!types.includes('boolean')) wrong.push(true);
  if (types.includes('string') && schema.maxLength !== undefined) wrong.push('x'.repeat(schema.maxLength + 1));
  if (types.includes('integer')) wrong.push(1.5, 1e300);
  if (schema.minimum !== undefined) wrong.push(schema.minimum - 1);
  if (schema.maxItems !== undefined) wrong.push(Array(schema.maxItems + 1).fill('x'));
  return wrong;
}
