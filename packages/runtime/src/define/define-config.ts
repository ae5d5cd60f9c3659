import { z } from 'zod';
import { variableNameSchema } from '../contract/api/variables.ts';
import { checkConfigSchema } from './check-config.ts';
import { connectConfigSchema } from './connect-config.ts';

const integrationName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes');

export const projectConfigSchema = z.strictObject({
  integrations: z
    .record(
      integrationName,
      z.strictObject({
        provider: integrationName.optional(),
        values: z
          .record(z.string(), z.union([z.string().min(1), z.strictObject({ variable: variableNameSchema })]))
          .default({})
          .describe(
            'What the provider needs of the developer, such as clientId. Secrets are named with variable(); what is left out is read from the variable <INTEGRATION>_<FIELD>, such as GITHUB_CLIENT_SECRET.',
          ),
        scopes: z.array(z.string()).optional().describe("Instead of the provider's."),
        authorizationParameters: z.record(z.string(), z.string()).default({}),
        concurrency: z.number().int().positive().optional().describe('Runs at a time over all its connections.'),
        connectionConcurrency: z.number().int().positive().optional().describe('Runs at a time of one connection.'),
        renamedFrom: integrationName
          .optional()
          .describe('What the integration was called before: it keeps its connections and what was read for them.'),
      }),
    )
    .describe('Provider by integration; the provider defaults to the same name.'),
  connect: connectConfigSchema.prefault({}),
  check: checkConfigSchema.prefault({}),
  concurrency: z.number().int().positive().optional().describe('Runs at a time in the environment.'),
  sdk: z
    .strictObject({
      out: z.string().default('./src/tenon').describe('Folder that `tenon generate` writes the typed SDK to.'),
      importExtension: z
        .enum(['js', 'ts'])
        .default('js')
        .describe(
          "How the SDK's files name each other. `js` compiles under tsc and in every bundler; `ts` is for Deno and " +
            "Node's type stripping, and needs allowImportingTsExtensions in tsconfig.json.",
        ),
    })
    .prefault({}),
  environments: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/),
      z.strictObject({
        url: z.url(),
        apiKeyVariable: z.string().default('TENON_API_KEY').describe('Environment variable that holds the API key.'),
      }),
    )
    .default({}),
});

/** tenon.config.ts with defaults filled in. */
export type ProjectConfig = z.infer<typeof projectConfigSchema>;
export type ProjectConfigInput = z.input<typeof projectConfigSchema>;

/** Declares a project; the default export of tenon.config.ts. */
export function defineConfig(config: ProjectConfigInput): ProjectConfigInput {
  return config;
}

/**
 * Names a variable of the environment, so that a secret stays out of the code: set it with `tenon env set`, or as
 * TENON_VAR_<name> of the server.
 */
export function variable(name: string): { variable: string } {
  return { variable: name };
}
