import { docComment } from './schema/doc-text.ts';
import { renderObjectBody } from './schema/object-body.ts';
import type { TypeDeclaration } from './schema/type-scope.ts';

/**
 * A named type as a statement: an interface where it has members, an alias otherwise. Written as text, because
 * ts-morph indents the lines of a property's type as continued lines, which nested objects are not.
 */
export function typeStatement(type: TypeDeclaration): string {
  const docs = docComment(type.docs);
  if (type.members === undefined) return `${docs}export type ${type.name} = ${type.alias};`;
  return `${docs}export interface ${type.name} ${renderObjectBody(type.members)}`;
}
