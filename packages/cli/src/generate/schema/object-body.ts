import { docComment } from './doc-text.ts';
import type { ObjectMember } from './render-members.ts';

/** The members of an object type in braces, one a line. */
export function renderObjectBody(members: readonly ObjectMember[]): string {
  const lines = members.map(({ key, type, docs }) => {
    const name = key === 'index' ? '[key: string]' : `${key.property}${key.isOptional ? '?' : ''}`;
    return `${docComment(docs)}${name}: ${type};`.replace(/^(?!$)/gm, '  ');
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n}`;
}
