const loneSurrogate = /\p{Surrogate}/gu;

/** encodeURIComponent that replaces half of a surrogate pair instead of throwing (text cut in the middle of an emoji). */
export function encodeComponent(text: string): string {
  return encodeURIComponent(text.replaceAll(loneSurrogate, '\u{FFFD}'));
}
