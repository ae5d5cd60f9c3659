import { startLocalApi, type LocalAnswer, type LocalApi, type LocalRequest } from '../../testing/local-api.ts';

export interface McpServerOptions {
  readonly authorizationServer: () => string;
  /** Whether it knows the token of a request, as an introspection would say. */
  readonly accepts: (token: string) => Promise<boolean>;
  /** Whether its 401 names the metadata's address. Default: true. */
  readonly namesMetadata?: boolean;
  /** Where it publishes its metadata. Default: at the path of the resource. */
  readonly metadataPath?: string;
  /** Over its metadata. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** In its challenge. */
  readonly scope?: string;
}

/** A small MCP server on loopback at /mcp, which demands OAuth: RFC 9728, and a bearer token on each request. */
export async function startMcpServer(options: McpServerOptions): Promise<LocalApi & { readonly resource: string }> {
  const { namesMetadata = true, metadataPath = '/.well-known/oauth-protected-resource/mcp' } = options;
  const api = await startLocalApi(answer);
  const resource = `${api.url}/mcp`;

  async function answer({ path, headers, body }: LocalRequest): Promise<LocalAnswer> {
    if (path === metadataPath) {
      const authorization_servers = [options.authorizationServer()];
      return { body: { resource, authorization_servers, scopes_supported: ['read'], ...options.metadata } };
    }
    if (path !== '/mcp') return { status: 404, body: 'nothing here' };
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (token !== undefined && (await options.accepts(token))) {
      return { body: { jsonrpc: '2.0', id: (JSON.parse(body) as { id: number }).id, result: { tools: [] } } };
    }
    const named = namesMetadata ? [`resource_metadata="${api.url}${metadataPath}"`] : [];
    const scope = options.scope === undefined ? [] : [`scope="${options.scope}"`];
    const challenge = ['Basic realm="x", Bearer error="invalid_token"', ...named, ...scope].join(', ');
    return { status: 401, headers: { 'www-authenticate': challenge } };
  }

  return { ...api, resource };
}
