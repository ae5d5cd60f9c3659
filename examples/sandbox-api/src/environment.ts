import { z } from 'zod';
import type { SandboxOptions } from './sandbox-options.ts';

const number = z.coerce.number().optional();
const text = z.string().min(1).optional();

const environmentSchema = z.object({
  SANDBOX_HOST: text,
  SANDBOX_PORT: z.coerce.number().default(4_700),
  SANDBOX_SEED: number,
  SANDBOX_ISSUES: number,
  SANDBOX_CONTACTS: number,
  SANDBOX_COMPANIES: number,
  SANDBOX_RECORD_BYTES: number,
  SANDBOX_MAX_PAGE_SIZE: number,
  SANDBOX_API_KEY: text,
  SANDBOX_CLIENT_ID: text,
  SANDBOX_CLIENT_SECRET: text,
  SANDBOX_TOKEN_SECONDS: number,
  SANDBOX_REFRESH_TOKEN_SECONDS: number,
  SANDBOX_REDIRECT_URIS: text.describe('Separated by spaces.'),
  SANDBOX_RATE_LIMIT: number.describe('Calls a window; absent: no limit.'),
  SANDBOX_RATE_WINDOW_SECONDS: number,
});

/** The only reader of the environment. */
export function readEnvironment(environment: NodeJS.ProcessEnv): SandboxOptions {
  const env = environmentSchema.parse(environment);
  const options = {
    host: env.SANDBOX_HOST,
    port: env.SANDBOX_PORT,
    seed: env.SANDBOX_SEED,
    issues: env.SANDBOX_ISSUES,
    contacts: env.SANDBOX_CONTACTS,
    companies: env.SANDBOX_COMPANIES,
    recordBytes: env.SANDBOX_RECORD_BYTES,
    maxPageSize: env.SANDBOX_MAX_PAGE_SIZE,
    apiKey: env.SANDBOX_API_KEY,
    clientId: env.SANDBOX_CLIENT_ID,
    clientSecret: env.SANDBOX_CLIENT_SECRET,
    tokenSeconds: env.SANDBOX_TOKEN_SECONDS,
    refreshTokenSeconds: env.SANDBOX_REFRESH_TOKEN_SECONDS,
    redirectUris: env.SANDBOX_REDIRECT_URIS?.split(/\s+/),
    rateLimit:
      env.SANDBOX_RATE_LIMIT === undefined
        ? undefined
        : { limit: env.SANDBOX_RATE_LIMIT, windowSeconds: env.SANDBOX_RATE_WINDOW_SECONDS },
  };
  return options;
}
