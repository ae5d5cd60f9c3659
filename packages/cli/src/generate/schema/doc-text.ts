import type { SchemaNode, SchemaObject } from './schema-node.ts';

/** The lines of a doc comment for a value of this schema; none when there is nothing to say. */
export function docLines(schema: SchemaNode): string[] {
  if (typeof schema === 'boolean') return [];
  const lines = schema.description === undefined ? [] : safeLines(schema.description);
  const format = formatOf(schema);
  if (format !== undefined) lines.push(...safeLines(`Format: ${format}`));
  if (schema.default !== undefined) lines.push(...safeLines(`@default ${JSON.stringify(schema.default)}`));
  if (schema.deprecated === true) lines.push('@deprecated');
  return lines;
}

/** The format of a value, also of one that may be null. */
function formatOf(schema: SchemaObject): string | undefined {
  const [only, ...others] = (schema.anyOf ?? []).filter(
    (member) => typeof member === 'object' && member.type !== 'null',
  );
  return schema.format ?? (typeof only === 'object' && others.length === 0 ? only.format : undefined);
}

/** Splits a text for a comment, which it must not be able to end. */
export function safeLines(text: string): string[] {
  return text
    .trim()
    .replaceAll('*/', '*\\/')
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trimEnd());
}

/** A whole doc comment, or the empty string. */
export function docComment(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  if (lines.length === 1) return `/** ${lines[0] ?? ''} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}
