import { describe, expect, it } from 'vitest';
import { removeControls } from './remove-controls.ts';

describe('removeControls', () => {
  it('keeps colours, line breaks, tabs and every script', () => {
    const text = '\u001B[31;1mred\u001B[39m\n\tZoë 日本 👩‍💻';
    expect(removeControls(text)).toBe(text);
  });

  it.each([
    ['a cleared screen', 'a\u001B[2J\u001B[1;1Hb', 'ab'],
    ['a carriage return over the line', 'good\rbad', 'goodbad'],
    ['a title of the window', 'a\u001B]0;title\u0007b', 'ab'],
    ['a text for the clipboard', 'a\u001B]52;c;ZXZpbA==\u001B\\b', 'ab'],
    ['a control of one character', 'a\u009B2Jb', 'a2Jb'],
    ['a lone escape', 'a\u001Bb', 'ab'],
    ['another direction of reading', 'a\u202Ecod.exe', 'acod.exe'],
    ['backspaces', 'key\b\b\bxyz', 'keyxyz'],
  ])('takes out %s', (_what, text, shown) => {
    expect(removeControls(text)).toBe(shown);
  });
});
