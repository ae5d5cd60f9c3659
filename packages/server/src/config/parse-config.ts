import { resolve } from 'node:path';
import { availableParallelism } from 'node:os';
import { TenonError } from '@tenon/runtime/errors';
import { environmentVariablesSchema, type EnvironmentVariables } from './environment-variables.ts';

export interface ServerConfig {
  readonly port: number;
  readonly host: string;
  /** Without a slash at the end; undefined: the address that it listens on. */
  readonly publicUrl: string | undefined;
  /** Of TENON_VAR_<name>, by name: secrets of integrations. */
  readonly variables: Readonly<Record<string, string>>;
  /** Undefined: embedded Postgres. */
  readonly databaseUrl: string | undefined;
  /** Most sessions with the database; undefined: as many as the workers need. */
  readonly databaseSessions: number | undefined;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly environment: string;
  /** 32 bytes; undefined: generated into the data directory. */
  readonly encryptionKey: Buffer | undefined;
  /** Earlier encryption keys, which only decrypt. */
  readonly previousEncryptionKeys: readonly Buffer[];
  readonly apiKey: string | undefined;
  /** Fastify's `trustProxy`. */
  readonly trustProxy: boolean | number | string[];
  /** Requests a second of one key; 0: no limit. */
  readonly rateLimit: number;
  readonly auditDays: number;
  /** How long earlier versions of records are kept; 0: none are. */
  readonly historyDays: number;
  readonly runDays: number;
  readonly logDays: number;
  /** How long what failed runs had met is kept; 0: nothing is captured. */
  readonly captureDays: number;
  readonly deletedRecordDays: number;
  readonly workers: number;
  readonly workerMemoryMb: number;
  /** Whether requests to providers may go to this machine and to private networks. */
  readonly allowPrivateAddresses: boolean;
  readonly logLevel: EnvironmentVariables['TENON_LOG_LEVEL'];
}

/**
 * Checks the environment variables, all at once.
 * @throws TenonError `server_config_invalid` with every problem; `encryption_key_missing` in production without a key
 */
export function parseConfig(variables: Readonly<Record<string, string | undefined>>, cwd: string): ServerConfig {
  const present = Object.fromEntries(
    Object.keys(environmentVariablesSchema.shape).map((name) => [name, variables[name]?.trim() || undefined]),
  );
  const parsed = environmentVariablesSchema.safeParse(present);
  if (!parsed.success) throw invalidConfig(parsed.error.issues);
  const read = parsed.data;
  if (read.NODE_ENV === 'production' && read.TENON_ENCRYPTION_KEY === undefined) {
    throw new TenonError('encryption_key_missing', 'TENON_ENCRYPTION_KEY is not set, and NODE_ENV is production.', {
      hint: 'Make a key with `openssl rand -base64 32`, keep it where the database backup is not, and set the variable.',
    });
  }
  return {
    port: read.TENON_PORT,
    host: read.TENON_HOST,
    publicUrl: read.TENON_PUBLIC_URL,
    variables: readVariables(variables),
    databaseUrl: read.DATABASE_URL,
    databaseSessions: read.TENON_DATABASE_SESSIONS,
    dataDirectory: resolve(cwd, read.TENON_DATA_DIRECTORY),
    environment: read.TENON_ENVIRONMENT,
    encryptionKey:
      read.TENON_ENCRYPTION_KEY === undefined ? undefined : Buffer.from(read.TENON_ENCRYPTION_KEY, 'base64'),
    previousEncryptionKeys: (read.TENON_ENCRYPTION_KEY_PREVIOUS ?? []).map((key) => Buffer.from(key, 'base64')),
    apiKey: read.TENON_API_KEY,
    trustProxy: read.TENON_TRUST_PROXY,
    rateLimit: read.TENON_RATE_LIMIT,
    auditDays: read.TENON_AUDIT_DAYS,
    historyDays: read.TENON_HISTORY_DAYS,
    runDays: read.TENON_RUN_DAYS,
    logDays: read.TENON_LOG_DAYS,
    captureDays: read.TENON_CAPTURE_DAYS,
    deletedRecordDays: read.TENON_DELETED_RECORD_DAYS,
    workers: read.TENON_WORKERS ?? Math.max(4, availableParallelism() * 2),
    workerMemoryMb: read.TENON_WORKER_MEMORY_MB,
    allowPrivateAddresses: read.TENON_ALLOW_PRIVATE_ADDRESSES ?? read.NODE_ENV !== 'production',
    logLevel: read.TENON_LOG_LEVEL,
  };
}

const variablePrefix = 'TENON_VAR_';

function readVariables(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      name.startsWith(variablePrefix) && value ? [[name.slice(variablePrefix.length), value] as const] : [],
    ),
  );
}

/** Names the variable and what was expected, never the value: it may be a secret. */
function invalidConfig(issues: ReadonlyArray<{ path: PropertyKey[]; message: string }>): TenonError {
  const problems = issues.map((issue) => ({ variable: issue.path.join('.'), problem: issue.message }));
  const lines = problems.map(({ variable, problem }) => `  ${variable}: ${problem}`);
  return new TenonError('server_config_invalid', `The server's environment is not valid:\n${lines.join('\n')}`, {
    hint: 'Correct these variables, or unset them to get their defaults.',
    details: { problems },
  });
}
