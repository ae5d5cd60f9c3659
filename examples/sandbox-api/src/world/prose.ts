import { createRandom } from './random.ts';

// prettier-ignore
const words = [
  'account', 'address', 'answer', 'button', 'cache', 'calendar', 'chart', 'checkout', 'column', 'company',
  'customer', 'dashboard', 'deadline', 'discount', 'download', 'empty', 'error', 'export', 'field', 'filter',
  'invoice', 'label', 'language', 'list', 'loading', 'login', 'mobile', 'number', 'order', 'page',
  'password', 'payment', 'permission', 'picture', 'price', 'profile', 'query', 'report', 'reset', 'search',
  'session', 'settings', 'shipping', 'slow', 'sort', 'table', 'timeout', 'total', 'upload', 'wrong',
] as const;

export const wordList: readonly [string, ...string[]] = words;

/** ASCII on purpose: one byte a character, so that a record's size can be set exactly. */
export function createProse(seed: number): (from: number, length: number) => string {
  const random = createRandom(seed);
  let text = '';
  while (text.length < 65_536) {
    const sentence = Array.from({ length: 6 + random.below(8) }, () => random.pick(words)).join(' ');
    text += `${sentence[0]?.toUpperCase() ?? ''}${sentence.slice(1)}. `;
  }
  return (from, length) => {
    let part = '';
    let at = from % text.length;
    while (part.length < length) {
      part += text.slice(at, at + length - part.length);
      at = 0;
    }
    return part;
  };
}
