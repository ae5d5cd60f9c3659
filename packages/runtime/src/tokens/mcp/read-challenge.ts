/** What an MCP server asks for in its 401: RFC 9728 section 5.1, RFC 6750 section 3. */
export interface Challenge {
  readonly resourceMetadata?: string;
  readonly scope?: string;
}

/** A parameter of RFC 9110 section 11.2: a quoted text with escapes, or a token. */
const parameter = /([A-Za-z0-9_.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

/** Reads the parameters of the Bearer challenge; servers that offer several schemes list them in one header. */
export function readChallenge(header: string | undefined): Challenge {
  const bearer = /(?:^|[,\s])bearer\s+(.*)$/i.exec(header ?? '')?.[1] ?? '';
  const found = new Map<string, string>();
  for (const [, name = '', quoted, token] of bearer.matchAll(parameter)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? token ?? '';
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
  }
  const resourceMetadata = found.get('resource_metadata');
  const scope = found.get('scope');
  return {
    ...(resourceMetadata !== undefined && { resourceMetadata }),
    ...(scope !== undefined && { scope }),
  };
}
