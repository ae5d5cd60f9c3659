import type { ts } from 'ts-morph';
import type { LintedFile } from './lint-rule.ts';
import { listNodes } from './list-nodes.ts';
import { skipWrapping } from './skip-wrapping.ts';

/** The object that the file's defineSync is given. */
export function findSyncOptions(file: LintedFile): ts.ObjectLiteralExpression | undefined {
  const { ts } = file;
  for (const node of listNodes(ts, file.source)) {
    if (!ts.isCallExpression(node) || node.expression.getText() !== 'defineSync') continue;
    const [options] = node.arguments;
    if (options !== undefined && ts.isObjectLiteralExpression(options)) return options;
  }
  return undefined;
}

/** The value of a property that is written down in an object. */
export function readProperty(
  { ts }: LintedFile,
  object: ts.Expression | undefined,
  name: string,
): ts.Expression | undefined {
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return undefined;
  const found = object.properties.find((property) => property.name !== undefined && nameOf(property.name) === name);
  return found !== undefined && ts.isPropertyAssignment(found) ? skipWrapping(ts, found.initializer) : undefined;
}

/** The text of a property that is written as a literal. */
export function readText(file: LintedFile, object: ts.Expression | undefined, name: string): string | undefined {
  const value = readProperty(file, object, name);
  return value !== undefined && file.ts.isStringLiteralLike(value) ? value.text : undefined;
}

/** A property's name without its quotes. */
export function nameOf(name: ts.PropertyName): string {
  return 'text' in name ? name.text : name.getText();
}
