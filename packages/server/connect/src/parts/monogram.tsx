import type { ReactNode } from 'react';

const hues = 8;

/** A provider's sign: its initials on a colour of its own, since logos are the property of others. */
export function Monogram({ name, large = false }: { readonly name: string; readonly large?: boolean }): ReactNode {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const initials =
    words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]) : [...(words[0] ?? '?')].slice(0, 1);
  const hue = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) % hues;
  return (
    <span className={`monogram hue-${hue}${large ? ' monogram-large' : ''}`} aria-hidden="true">
      {initials.join('').toUpperCase()}
    </span>
  );
}
