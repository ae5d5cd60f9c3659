import { z } from 'zod';
import type { ModelContract, ModelSchema } from '../../define/define-sync.ts';

type AnySchema = z.core.$ZodType;
type Def = Record<string, unknown> & { type: string };

/**
 * The model as its contract reads it, at every depth: `evolve` lets fields through that are not declared, `freeze`
 * refuses them. Objects that say themselves what becomes of such fields (z.strictObject, z.looseObject) stay as they are.
 */
export function applyContract(schema: ModelSchema, contract: ModelContract): ModelSchema {
  if (contract === 'discard') return schema;
  const rest = contract === 'evolve' ? z.unknown() : z.never();
  return open(schema, { rest, known: new Map() }) as ModelSchema;
}

interface Opening {
  readonly rest: z.ZodType;
  /** What was opened: schemas may contain themselves. */
  readonly known: Map<AnySchema, AnySchema>;
}

/** Where schemas of each kind hold the ones that they are made of. What is not named here is taken as it is. */
const innerSchemas: Readonly<Record<string, readonly string[]>> = {
  optional: ['innerType'],
  nullable: ['innerType'],
  nonoptional: ['innerType'],
  default: ['innerType'],
  prefault: ['innerType'],
  catch: ['innerType'],
  readonly: ['innerType'],
  array: ['element'],
  record: ['valueType'],
  tuple: ['items'],
  union: ['options'],
  pipe: ['in', 'out'],
};

function open(schema: AnySchema, opening: Opening): AnySchema {
  const known = opening.known.get(schema);
  if (known) return known;
  const def = schema._zod.def as unknown as Def;
  if (def.type === 'object') return openObject(schema, def, opening);
  if (def.type === 'lazy') {
    const getter = def['getter'] as () => AnySchema;
    return clone(schema, { ...def, getter: () => open(getter(), opening) }, opening);
  }
  const keys = innerSchemas[def.type];
  if (!keys) return schema;
  const inner = keys.map((key) => [key, openInner(def[key], opening)] as const);
  if (inner.every(([key, value]) => value === def[key])) return schema;
  return clone(schema, { ...def, ...Object.fromEntries(inner) }, opening);
}

function openInner(inner: unknown, opening: Opening): unknown {
  if (!Array.isArray(inner)) return open(inner as AnySchema, opening);
  const opened = inner.map((schema: AnySchema) => open(schema, opening));
  return opened.every((schema, index) => schema === inner[index]) ? inner : opened;
}

function openObject(schema: AnySchema, def: Def, opening: Opening): AnySchema {
  let shape: Record<string, AnySchema> | undefined;
  const changed = {
    ...def,
    ...(def['catchall'] === undefined && { catchall: opening.rest }),
  };
  // Read late: the fields of an object may name the object itself.
  Object.defineProperty(changed, 'shape', {
    enumerable: true,
    configurable: true,
    get() {
      shape ??= Object.fromEntries(
        Object.entries(def['shape'] as Record<string, AnySchema>).map(([key, field]) => [key, open(field, opening)]),
      );
      return shape;
    },
  });
  return clone(schema, changed, opening);
}

function clone(schema: AnySchema, def: Def, { known }: Opening): AnySchema {
  const copy = z.core.clone(schema, def as unknown as AnySchema['_zod']['def']);
  known.set(schema, copy);
  return copy;
}
