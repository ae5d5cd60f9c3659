import type { FunctionManifest, Manifest } from '@tenon/runtime/contract';
import { canonicalJson } from './schema/canonical-json.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Says what a change of the manifest does to the types of the SDK, such as `Issue: +labels, ~state, -body`. */
export function describeContractChange(before: Manifest, after: Manifest): string[] {
  const old = contractTypes(before);
  const current = contractTypes(after);
  const lines: string[] = [];
  for (const [key, type] of current) {
    const previous = old.get(key);
    if (previous === undefined) lines.push(`+${type.label}`);
    else if (canonicalJson(previous.schema) !== canonicalJson(type.schema)) {
      const fields = describeFields(propertiesOf(previous.schema), propertiesOf(type.schema));
      lines.push(fields === '' ? `~${type.label}` : `${type.label}: ${fields}`);
    }
  }
  for (const [key, type] of old) if (!current.has(key)) lines.push(`-${type.label}`);
  return lines;
}

interface ContractType {
  readonly label: string;
  readonly schema: Properties;
}

function contractTypes(manifest: Manifest): Map<string, ContractType> {
  return new Map(
    manifest.functions.flatMap((entry) =>
      typesOf(entry).map((type): [string, ContractType] => [`${entry.integration} ${entry.kind} ${type.label}`, type]),
    ),
  );
}

function typesOf(entry: FunctionManifest): ContractType[] {
  if (entry.kind === 'sync') return entry.models.map(({ name, schema }) => ({ label: name, schema }));
  return [
    { label: `${entry.name} input`, schema: entry.input },
    { label: `${entry.name} output`, schema: entry.output },
  ];
}

function propertiesOf(schema: Properties): Properties {
  const properties = schema['properties'];
  return typeof properties === 'object' && properties !== null ? (properties as Properties) : {};
}

function describeFields(before: Properties, after: Properties): string {
  return [
    ...Object.keys(after).flatMap((name) => {
      if (!Object.hasOwn(before, name)) return `+${name}`;
      return canonicalJson(before[name]) === canonicalJson(after[name]) ? [] : `~${name}`;
    }),
    ...Object.keys(before).flatMap((name) => (Object.hasOwn(after, name) ? [] : `-${name}`)),
  ].join(', ');
}
