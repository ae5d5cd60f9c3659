import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineSync, type SyncDefinition, type SyncOptions } from '../../define/define-sync.ts';
import { createModelReaders, type ModelReader } from './model-reader.ts';

const Issue = z.object({
  id: z.string(),
  title: z.string(),
  author: z.object({ name: z.string() }).optional(),
  labels: z.array(z.object({ name: z.string() })).default([]),
  at: z.string().optional(),
});

type Options = Partial<SyncOptions<{ Issue: typeof Issue }, undefined>>;

function readerOf(options: Options = {}): ModelReader {
  const definition = defineSync({ models: { Issue }, run: () => undefined, ...options });
  const cursor = options.cursor && {
    field: options.cursor.field,
    initial: null,
    order: 'unordered' as const,
    lagMs: 0,
  };
  return createModelReaders(definition as unknown as SyncDefinition, cursor ?? null).get('Issue');
}

function jsonOf(reader: ModelReader, given: unknown): unknown {
  const read = reader.read(given);
  return read.kind === 'record' ? JSON.parse(read.record.json) : read;
}

function hashOf(reader: ModelReader, given: unknown): string {
  const read = reader.read(given);
  if (read.kind !== 'record') throw new Error(read.kind);
  return Buffer.from(read.record.hash).toString('hex');
}

const drifted = {
  id: '1',
  title: 't',
  extra: 1,
  author: { name: 'a', extra: 2 },
  labels: [{ name: 'l', extra: 3 }],
};

describe('the contract of a model', () => {
  it('drops what is not declared by default', () => {
    expect(jsonOf(readerOf(), drifted)).toEqual({
      id: '1',
      title: 't',
      author: { name: 'a' },
      labels: [{ name: 'l' }],
    });
  });

  it('keeps it at every depth with `evolve`', () => {
    expect(jsonOf(readerOf({ modelOptions: { Issue: { contract: 'evolve' } } }), drifted)).toEqual(drifted);
  });

  it.each([
    [{ id: '1', title: 't', extra: 1 }, ''],
    [{ id: '1', title: 't', author: { name: 'a', extra: 1 } }, 'author'],
    [{ id: '1', title: 't', labels: [{ name: 'l', extra: 1 }] }, 'labels.0'],
  ])('refuses it at every depth with `freeze`: %j', (given, path) => {
    const reader = readerOf({ modelOptions: { Issue: { contract: 'freeze' } } });
    expect(reader.read(given)).toMatchObject({ kind: 'invalid', entry: { id: '1', problems: [{ path }] } });
    expect(reader.read({ id: '1', title: 't' }).kind).toBe('record');
  });

  it('opens models that contain themselves', () => {
    const Node = z.object({
      id: z.string(),
      get children() {
        return z.array(Node).optional();
      },
    });
    const definition = defineSync({
      models: { Node },
      modelOptions: { Node: { contract: 'evolve' } },
      run: () => undefined,
    }) as unknown as SyncDefinition;
    const given = { id: '1', children: [{ id: '2', extra: 1, children: [{ id: '3', extra: 2 }] }] };
    expect(jsonOf(createModelReaders(definition, null).get('Node'), given)).toEqual(given);
  });
});

describe('the hash of a record', () => {
  const reader = readerOf({
    modelOptions: { Issue: { contract: 'evolve', volatile: ['views', 'labels.seen', 'author.age'] } },
  });
  const text = fc.string({ unit: 'grapheme' });

  it('is the same whatever the order of keys and the values of volatile paths', () => {
    fc.assert(
      fc.property(text, text, fc.jsonValue(), fc.jsonValue(), (title, name, first, second) => {
        const one = { id: '1', title, views: first, author: { name, age: first }, labels: [{ name, seen: first }] };
        const other = {
          labels: [{ seen: second, name }],
          author: { age: second, name },
          views: second,
          title,
          id: '1',
        };
        expect(hashOf(reader, one)).toBe(hashOf(reader, other));
      }),
    );
  });

  it('differs when anything else does', () => {
    fc.assert(
      fc.property(text, text, (title, other) => {
        fc.pre(title !== other);
        expect(hashOf(reader, { id: '1', title })).not.toBe(hashOf(reader, { id: '1', title: other }));
        expect(hashOf(reader, { id: '1', title: '', labels: [{ name: title }] })).not.toBe(
          hashOf(reader, { id: '1', title: '', labels: [{ name: other }] }),
        );
      }),
    );
  });
});

describe('the version of a record', () => {
  const versionOf = (options: Options, given: unknown) => {
    const read = readerOf(options).read(given);
    return read.kind === 'record' ? read.record.version : read.kind;
  };

  it("is the cursor's field, in milliseconds, unless the model names another", () => {
    const given = { id: '1', title: '7', at: '1970-01-01T00:00:01Z', revision: 4 };
    expect(versionOf({ cursor: { field: 'at' } }, given)).toBe(1_000);
    expect(
      versionOf(
        { cursor: { field: 'at' }, modelOptions: { Issue: { version: 'revision', contract: 'evolve' } } },
        given,
      ),
    ).toBe(4);
    expect(versionOf({}, given)).toBeUndefined();
    expect(versionOf({ cursor: { field: 'title' } }, given)).toBeUndefined();
  });
});

describe('the deletion flag', () => {
  const reader = readerOf({ deletes: { flag: 'archivedAt' } });
  it.each([
    [{ id: '1', title: 't', archivedAt: '2026-01-01' }, true],
    [{ id: '1', title: 't', archivedAt: null }, undefined],
    [{ id: '1', title: 't', archivedAt: false }, undefined],
    [{ id: '1', title: 't' }, undefined],
  ])('of %j', (given, isDeleted) => {
    expect(reader.read(given)).toMatchObject({ kind: 'record', record: { id: '1' } });
    expect((reader.read(given) as { record: { isDeleted?: boolean } }).record.isDeleted).toBe(isDeleted);
  });

  it('deletes a record of which nothing but the id is left', () => {
    expect(reader.read({ id: '1', archivedAt: true })).toMatchObject({ kind: 'deleted', id: '1' });
    expect(reader.read({ archivedAt: true })).toMatchObject({ kind: 'invalid', entry: { id: null } });
  });
});

describe('the cursor value of an invalid record', () => {
  it('counts when it can be read', () => {
    const reader = readerOf({ cursor: { field: 'at' } });
    expect(reader.read({ id: '1', at: 'x' })).toMatchObject({ kind: 'invalid', cursorValue: 'x' });
    expect(reader.read({ id: '1', at: 5 }).cursorValue).toBeUndefined();
  });
});

it.each([[null], ['text'], [{ id: '1', big: 1n }], [undefined]])('%s can be kept in quarantine', (given) => {
  expect(readerOf().read(given)).toMatchObject({ kind: 'invalid', entry: { json: expect.any(String) } });
});
