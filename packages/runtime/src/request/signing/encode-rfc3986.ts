import { encodeComponent } from '../encode-component.ts';

/**
 * Percent-encodes everything but the unreserved characters of RFC 3986 section 2.3, as OAuth 1.0 (RFC 5849 section 3.6)
 * and AWS want it; encodeURIComponent leaves five more.
 */
export function encodeRfc3986(text: string): string {
  return encodeComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
