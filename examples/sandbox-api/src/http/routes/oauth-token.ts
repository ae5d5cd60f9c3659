import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SandboxContext } from '../sandbox-context.ts';

const formSchema = z.object({
  grant_type: z.string(),
  scope: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
});

/** Client credentials (RFC 6749 section 4.4), the client authenticated by Basic or in the body (section 2.3.1). */
export function registerOAuthToken(app: FastifyInstance, { settings, keyring }: SandboxContext): void {
  app.post('/oauth/token', (request, reply) => {
    // Section 5.1: tokens are not to be cached; section 5.2: the shape of errors.
    void reply.header('cache-control', 'no-store');
    const form = formSchema.safeParse(request.body);
    if (!form.success) return reply.code(400).send(problem('invalid_request', 'grant_type is missing.'));
    const client = readBasic(request.headers.authorization) ?? [form.data.client_id, form.data.client_secret];
    if (client[0] !== settings.clientId || client[1] !== settings.clientSecret) {
      void reply.header('www-authenticate', 'Basic realm="sandbox"');
      return reply.code(401).send(problem('invalid_client', 'The client id or the client secret is wrong.'));
    }
    if (form.data.grant_type !== 'client_credentials') {
      return reply.code(400).send(problem('unsupported_grant_type', 'Only client_credentials is known here.'));
    }
    const { token, seconds } = keyring.tokens.issue();
    const scope = form.data.scope === undefined ? {} : { scope: form.data.scope };
    return reply.send({ access_token: token, token_type: 'Bearer', expires_in: seconds, ...scope });
  });
}

/** Both halves are form-encoded before they are joined (section 2.3.1). */
function readBasic(header: string | undefined): [string, string] | undefined {
  const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return [formDecode(id), formDecode(rest.join(':'))];
}

function formDecode(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? '';
}

function problem(error: string, description: string) {
  return { error, error_description: description };
}
