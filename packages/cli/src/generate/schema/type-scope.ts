import { toPascalCase } from '../identifier-case.ts';
import type { NameAllocator } from '../name-allocator.ts';
import { canonicalJson } from './canonical-json.ts';
import { docLines } from './doc-text.ts';
import { renderMembers, type ObjectMember } from './render-members.ts';
import type { RenderPlace } from './render-place.ts';
import { renderType } from './render-type.ts';
import type { SchemaNode, SchemaObject } from './schema-node.ts';
import { countShapes, shapeKey } from './shape-key.ts';

/** One named type of a file. */
export interface TypeDeclaration {
  readonly name: string;
  readonly docs: readonly string[];
  /** Members of an interface, or else the text that an alias stands for. */
  readonly members: readonly ObjectMember[] | undefined;
  readonly alias: string;
}

/** `input` is what an app writes, where `undefined` counts as absent; `output` is what it reads. */
export type TypeMode = 'input' | 'output';

export interface NamedSchema {
  /** Allocated by the caller. */
  readonly name: string;
  readonly schema: SchemaNode;
  readonly mode: TypeMode;
  readonly docs: readonly string[];
  /** Whether an equal shape elsewhere is this type too, and not only looks like it. */
  readonly isShared: boolean;
}

/**
 * The named types of one file. Shapes that occur more than once, and what `$ref` names, become types of their own;
 * everything else is written where it is used.
 */
export class TypeScope {
  readonly #names: NameAllocator;
  readonly #counts: ReadonlyMap<string, number>;
  readonly #nameByShape = new Map<string, string>();
  readonly #declarations: (TypeDeclaration | undefined)[] = [];

  constructor(names: NameAllocator, types: readonly NamedSchema[]) {
    this.#names = names;
    this.#counts = countShapes(types);
    for (const { name, schema, mode, isShared } of types) {
      if (isShared && typeof schema === 'object') this.#nameByShape.set(shapeKey(schema, { root: schema, mode }), name);
    }
    for (const type of types) {
      const root = typeof type.schema === 'object' ? type.schema : {};
      const place = { scope: this, root, rootName: type.name, path: type.name, mode: type.mode };
      this.#add(type.schema, { name: type.name, docs: type.docs, place });
    }
  }

  /** Each before the types that it was the first to need. */
  get declarations(): readonly TypeDeclaration[] {
    return this.#declarations.filter((declaration) => declaration !== undefined);
  }

  /** The name of a schema that `$ref` points to; undefined when it points nowhere. */
  nameOfReference(reference: string, place: RenderPlace): string | undefined {
    if (reference === '#') return place.rootName;
    const [, key = ''] = /^#\/(?:\$defs|definitions)\/(.+)$/.exec(reference) ?? [];
    const definitions = place.root.$defs ?? place.root.definitions ?? {};
    const decoded = decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');
    const target = Object.hasOwn(definitions, decoded) ? definitions[decoded] : undefined;
    if (target === undefined) return undefined;
    // zod calls what it had to name itself `__schema0`: where it is used says more.
    const wanted = decoded.startsWith('__') ? place.path : toPascalCase(decoded);
    const shape = `${place.mode} ${decoded} ${canonicalJson(definitions)}`;
    return this.#nameShape(shape, { wanted, schema: target, place });
  }

  /** The name of a shape that occurs more than once; undefined when it is to be written in place. */
  nameOfRepeated(schema: SchemaObject, place: RenderPlace): string | undefined {
    // The shape of a root is the root's own type.
    if (schema === place.root) return undefined;
    const shape = shapeKey(schema, { root: place.root, mode: place.mode });
    const known = this.#nameByShape.get(shape);
    if (known !== undefined || (this.#counts.get(shape) ?? 0) < 2) return known;
    const wanted = schema.title === undefined ? place.path : toPascalCase(schema.title);
    return this.#nameShape(shape, { wanted, schema, place });
  }

  #nameShape(shape: string, type: { wanted: string; schema: SchemaNode; place: RenderPlace }): string {
    const known = this.#nameByShape.get(shape);
    if (known !== undefined) return known;
    const name = this.#names.allocate(type.wanted, 'Type');
    // Before it is rendered, so that a type may name itself.
    this.#nameByShape.set(shape, name);
    this.#add(type.schema, { name, docs: docLines(type.schema), place: { ...type.place, path: name } });
    return name;
  }

  #add(schema: SchemaNode, as: { name: string; docs: readonly string[]; place: RenderPlace }): void {
    const slot = this.#declarations.push(undefined) - 1;
    const members = renderMembers(schema, as.place, renderType);
    const alias = members === undefined ? renderType(schema, { ...as.place, isNamed: true }).text : '';
    this.#declarations[slot] = { name: as.name, docs: as.docs, members, alias };
  }
}
