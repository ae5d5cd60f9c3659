import type { ConnectField } from '@tenon/runtime/contract';

/** Texts by `keyOf` of their field. */
export type FieldValues = Readonly<Record<string, string>>;

/** A credential and a config field may have the same name. */
export function keyOf(field: Pick<ConnectField, 'group' | 'name'>): string {
  return `${field.group}.${field.name}`;
}

export function initialValues(fields: readonly ConnectField[]): FieldValues {
  return Object.fromEntries(fields.map((field) => [keyOf(field), field.default ?? '']));
}

/**
 * What is sent: fields left empty are left out. Spaces around a value come from copying and are never meant, but what
 * is inside a key or a PEM file stays as it is.
 */
export function valuesOf(
  group: ConnectField['group'],
  fields: readonly ConnectField[],
  values: FieldValues,
): Record<string, string> {
  const entries = fields
    .filter((field) => field.group === group)
    .map((field) => [field.name, (values[keyOf(field)] ?? '').trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}
