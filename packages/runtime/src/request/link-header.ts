/** RFC 8288 section 3: `<target>; rel="next"; title="x", <target>; ...`. Targets may hold commas and semicolons. */
const linkPattern = /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";,]*))?)*)/g;
const parameterPattern = /;\s*([^\s=;,]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*)))?/g;

function hasRelation(parameters: string, rel: string): boolean {
  for (const [, name, quoted, plain] of parameters.matchAll(parameterPattern)) {
    // Section 3.3: a list of relations; only the first rel parameter counts.
    if (name?.toLowerCase() === 'rel') return (quoted ?? plain ?? '').toLowerCase().split(/\s+/).includes(rel);
  }
  return false;
}

/**
 * Finds the target of a relation in a Link header.
 * @returns the target as written (it may be relative), or undefined
 */
export function findLink(header: string | undefined, rel: string): string | undefined {
  if (header === undefined) return undefined;
  for (const [, target, parameters] of header.matchAll(linkPattern)) {
    if (target !== undefined && hasRelation(parameters ?? '', rel.toLowerCase())) return target;
  }
  return undefined;
}
