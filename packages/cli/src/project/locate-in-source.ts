export interface SourcePlace {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * Finds where a script or a config says something, by its default export and then by one key after another.
 * It reads text and not syntax (a parser takes 0.4 s to load), so the place can only serve a message.
 */
export function locateInSource(text: string, keys: readonly string[] = []): SourcePlace {
  let offset = Math.max(0, text.search(/^[ \t]*export\s+(default\b|\{[^}]*\bas\s+default\b)/m));
  for (const key of keys) {
    const escaped = key.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    const found = new RegExp(String.raw`(^|[\s{,])(['"]?)${escaped}\2\s*[:,}(]`).exec(text.slice(offset));
    if (!found) break;
    offset += found.index + (found[1]?.length ?? 0);
  }
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
