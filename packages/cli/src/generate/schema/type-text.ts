/** The text of a type, with how loosely it binds, so that it can be put into a larger one. */
export interface TypeText {
  readonly text: string;
  readonly binds: 'tightly' | 'as-intersection' | 'as-union';
}

const widestLine = 100;

export function tight(text: string): TypeText {
  return { text, binds: 'tightly' };
}

export function arrayOf(item: TypeText): TypeText {
  return tight(`${parenthesized(item)}[]`);
}

export function unionOf(members: readonly TypeText[]): TypeText {
  const texts = new Set(members.map((member) => member.text));
  if (texts.has('unknown')) return tight('unknown');
  if (texts.size > 1) texts.delete('never');
  const [only] = texts;
  if (texts.size === 1 && only !== undefined) {
    return members.find((member) => member.text === only) ?? tight(only);
  }
  if (texts.size === 0) return tight('never');
  const line = [...texts].join(' | ');
  const text = line.length <= widestLine || line.includes('\n') ? line : [...texts].map((t) => `\n  | ${t}`).join('');
  return { text, binds: 'as-union' };
}

export function intersectionOf(members: readonly TypeText[]): TypeText {
  const known = members.filter((member) => member.text !== 'unknown');
  const texts = new Set(known.map((member) => (member.binds === 'as-union' ? parenthesized(member) : member.text)));
  const [only] = known;
  if (only === undefined) return tight('unknown');
  if (texts.size === 1) return only;
  return { text: [...texts].join(' & '), binds: 'as-intersection' };
}

function parenthesized(type: TypeText): string {
  return type.binds === 'tightly' ? type.text : `(${type.text})`;
}
