import type { SchemaNode, SchemaObject } from './schema-node.ts';
import type { TypeMode, TypeScope } from './type-scope.ts';
import type { TypeText } from './type-text.ts';

/** Where a type is written: what names it may use, and what it would be called. */
export interface RenderPlace {
  readonly scope: TypeScope;
  /** The schema that `$ref` starts from. */
  readonly root: SchemaObject;
  readonly rootName: string;
  /** The name that a type of its own would get here. */
  readonly path: string;
  readonly mode: TypeMode;
  /** Whether this is the declaration of a named type, which must not name itself. */
  readonly isNamed?: boolean;
}

/** Writes a schema as a type; passed on where a type's parts are written, for types contain types. */
export type RenderType = (schema: SchemaNode, place: RenderPlace) => TypeText;
