import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { TenonError } from '@tenon/runtime/errors';
import { findProjectRoot } from './project/find-project-root.ts';

/** The environment variables that the command line knows. */
export interface Environment {
  /** TENON_URL: address of the server. */
  readonly url: string | undefined;
  /** TENON_API_KEY. */
  readonly apiKey: string | undefined;
  readonly isCi: boolean;
  /** npm_config_user_agent: which package manager started us, such as `pnpm/10.34.9 node/v20.20.2`. */
  readonly userAgent: string | undefined;
  /** Everything, for child processes and for variables that the project's config names. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** The folder that the command was started in, absolute. */
export function readWorkingDirectory(): string {
  return process.cwd();
}

/** Whether NO_COLOR asks for no colours (no-color.org: any value but the empty one). chalk itself does not read it. */
export function readNoColor(): boolean {
  return Boolean(process.env['NO_COLOR']);
}

/**
 * The only reader of the environment in this package. What the project's .env says comes after the process' own
 * variables.
 * @param cwd the .env is looked for in the project that this folder belongs to
 * @throws TenonError `usage_invalid` when a variable has a bad value
 */
export async function readEnvironment(cwd: string, own: NodeJS.ProcessEnv = process.env): Promise<Environment> {
  const variables = { ...readEnvFile(cwd), ...own };
  // zod takes 45 ms to load, which `tenon --help` must not wait for.
  const { z } = await import('zod');
  const text = z
    .string()
    .optional()
    .transform((value) => value?.trim() || undefined);
  const schema = z.object({
    TENON_URL: text.pipe(
      z.url({ protocol: /^https?$/, error: 'expected an address such as http://localhost:7400' }).optional(),
    ),
    TENON_API_KEY: text,
    CI: text.transform((value) => value !== undefined && value !== 'false' && value !== '0'),
    npm_config_user_agent: text,
  });
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new TenonError('usage_invalid', `The environment has a bad value: ${problems.join('; ')}.`, {
      hint: 'Correct the variable, or unset it.',
      details: { problems },
    });
  }
  return {
    url: parsed.data.TENON_URL,
    apiKey: parsed.data.TENON_API_KEY,
    isCi: parsed.data.CI,
    userAgent: parsed.data.npm_config_user_agent,
    variables,
  };
}

function readEnvFile(cwd: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(join(findProjectRoot(cwd), '.env'), 'utf8'));
  } catch (error) {
    const isOutside = error instanceof TenonError && error.code === 'project_not_found';
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isOutside || isMissing) return {};
    throw error;
  }
}
